import { Random } from "@uphill/core-math";
import type { RandomState } from "@uphill/core-math";
import type { Iteration, IterationResult, LoopBody, Snapshot } from "../src/agent/loop-body.js";
import type { Report } from "../src/report/report.js";

/** What a walk reports. */
export interface WalkReport extends Report {
  readonly position: number;
}

/** The smallest body of a training loop: each iteration takes ten steps, or as many as are left, in a random direction. */
export class RandomWalk implements LoopBody<WalkReport> {
  position = 0;
  /** What the iterations were told, in order. */
  readonly told: Iteration[] = [];
  /** Done in the middle of each iteration. */
  work: (iteration: Iteration) => Promise<void> | void = () => {};
  readonly #random = new Random(1);

  async iterate(iteration: Iteration): Promise<IterationResult<WalkReport>> {
    this.told.push(iteration);
    this.position += this.#random.standardNormal();
    await this.work(iteration);
    this.position += this.#random.standardNormal();
    const report = { episodes: 0, meanReturn: NaN, meanLength: NaN, position: this.position };
    return { taken: Math.min(10, iteration.remainingSteps), report };
  }

  capture(): Snapshot {
    const position = { shape: [1], data: Float64Array.of(this.position) };
    return { tensors: { position }, state: { random: this.#random.state() } };
  }

  restore({ tensors, state }: Snapshot): void {
    this.position = Number(tensors["position"].data[0]);
    const { random } = state as { readonly random: RandomState };
    this.#random.restore(random);
  }
}
