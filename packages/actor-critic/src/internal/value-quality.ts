import { RunningMoments } from "@uphill/core-math";

/** How well values explain returns, over many rollouts. */
export class ValueQuality {
  readonly #returns = new RunningMoments(1);
  readonly #errors = new RunningMoments(1);

  /** Takes in a rollout's values and returns, as many of each. */
  add({ values, returns }: { readonly values: Float64Array; readonly returns: Float64Array }): void {
    this.#returns.push(returns);
    this.#errors.push(returns.map((target, i) => target - values[i]));
  }

  /** 1 − Var[R − V] / Var[R]; NaN where the returns do not vary. */
  get explainedVariance(): number {
    const [variance] = this.#returns.variance();
    return variance === 0 ? Number.NaN : 1 - this.#errors.variance()[0] / variance;
  }
}
