import { exp } from "@uphill/core-math";
import type { Space } from "@uphill/envs";
import type { Report } from "../report/report.js";

/** What {@link TrainingWarnings} can find. */
export type WarningName =
  | "kl-exploding"
  | "entropy-collapsed"
  | "value-explains-nothing"
  | "advantages-equal"
  | "steps-refused"
  | "values-exceed-returns";

/** What is wrong with a training, and what people usually change. */
export interface TrainingWarning {
  readonly rule: WarningName;
  /** Environment steps by which it was found. */
  readonly steps: number;
  /** What is wrong, with the number that says so. */
  readonly message: string;
  /** What people usually change. */
  readonly remedy: string;
}

/** A report's numbers by name; an algorithm that does not have one leaves it out. */
type Metrics = Readonly<Record<string, unknown>>;

interface Rule {
  readonly name: WarningName;
  /** In how many reports in a row it has to hold. */
  readonly patience: number;
  /** The number that says that something is wrong, as text; undefined where nothing is. */
  symptom(metrics: Metrics, first: Metrics, actionSpace: Space | undefined): string | undefined;
  readonly message: string;
  readonly remedy: string;
}

/**
 * Watches the reports of a training, of whatever algorithm, for what commonly goes wrong. A rule looks at one metric and
 * speaks when it held in several reports in a row; it speaks again only after it ceased to hold.
 *
 * | rule | holds where |
 * |---|---|
 * | `kl-exploding` | `klNats` > 0.1, in 3 reports |
 * | `entropy-collapsed` | e^`entropy` < 1.01 actions, or a spread < 1/1000 of half the range, in 3 |
 * | `value-explains-nothing` | `explainedVariance` < 0.05 while `valueLoss` > 1/100 of the first, in 10 |
 * | `advantages-equal` | `advantageDeviation` < 1e-7, in 3 |
 * | `steps-refused` | `stepFraction` = 0, in 3 |
 * | `values-exceed-returns` | \|`meanQ`\| > 10 max(1, \|`meanReturn`\|), in 5; not where values hold entropy too (`temperature`) |
 *
 * The bounds are rules of thumb: KL divergences of 0.01 to 0.02 nats an update are usual (Schulman et al. 2015, 2017).
 *
 * ```ts
 * const warnings = new TrainingWarnings(agent.policy.actionSpace);
 * for await (const report of agent.train({ steps })) for (const { message } of warnings.take(report)) console.warn(message);
 * ```
 */
export class TrainingWarnings {
  readonly #actionSpace: Space | undefined;
  readonly #held = new Map<WarningName, number>();
  #first: Metrics | undefined;

  /** @param actionSpace - The policy's, by which its entropy is judged; without it entropy is not looked at. */
  constructor(actionSpace?: Space) {
    this.#actionSpace = actionSpace;
  }

  /**
   * Takes the next report in.
   *
   * @param report - Of the training that the reports before are of; null stands for a number that is not finite.
   * @returns What began to be wrong with this report; mostly nothing.
   */
  take(report: Report | (Metrics & Pick<Report, "steps">)): readonly TrainingWarning[] {
    const metrics: Metrics = { ...report };
    const first = (this.#first ??= metrics);
    return rules.flatMap(({ name, patience, symptom, message, remedy }) => {
      const value = symptom(metrics, first, this.#actionSpace);
      const held = value === undefined ? 0 : (this.#held.get(name) ?? 0) + 1;
      this.#held.set(name, held);
      if (value === undefined || held !== patience) return [];
      return [{ rule: name, steps: report.steps, message: message.replace("%", value), remedy }];
    });
  }
}

const rules: readonly Rule[] = [
  {
    name: "kl-exploding",
    patience: 3,
    symptom: ({ klNats }) => (isNumber(klNats) && klNats > 0.1 ? klNats.toPrecision(2) : undefined),
    message: "KL exploding: an update moves the policy by % nats, where 0.01 to 0.02 are usual",
    remedy: "a smaller learning rate, fewer epochs, larger minibatches, or a KL target or radius",
  },
  {
    name: "entropy-collapsed",
    patience: 3,
    symptom: collapsedEntropy,
    message: "entropy collapsed: the policy hardly explores any more (%)",
    remedy: "a larger entropy weight, a smaller learning rate, more environments; nothing, if the return is what you want",
  },
  {
    name: "value-explains-nothing",
    patience: 10,
    symptom: ({ explainedVariance, valueLoss }, first) => {
      const learned = isNumber(valueLoss) && isNumber(first["valueLoss"]) && valueLoss < first["valueLoss"] / 100;
      const nothing = isNumber(explainedVariance) && explainedVariance < 0.05;
      return nothing && !learned ? explainedVariance.toPrecision(2) : undefined;
    },
    message: "value not explaining anything: its explained variance is %, where 0 is what a constant explains",
    remedy: "normalised rewards or observations, a larger learning rate of the value function or more of its epochs, a smaller gamma",
  },
  {
    name: "advantages-equal",
    patience: 3,
    symptom: ({ advantageDeviation }) =>
      isNumber(advantageDeviation) && advantageDeviation < 1e-7 ? advantageDeviation.toPrecision(2) : undefined,
    message: "advantages all equal: they spread by %, so that no action looks better than another",
    remedy: "a reward that differs along what the policy tries now, longer rollouts, more exploration; see whether rewards are all the same",
  },
  {
    name: "steps-refused",
    patience: 3,
    symptom: ({ stepFraction }) => (stepFraction === 0 ? "0" : undefined),
    message: "steps refused: the line search took % of each of the last steps, and the policy stands still",
    remedy: "more damping, more conjugate-gradient steps, a larger rollout, or more trials of the line search",
  },
  {
    name: "values-exceed-returns",
    patience: 5,
    symptom: ({ meanQ, meanReturn, temperature }) => {
      if (!isNumber(meanQ) || !isNumber(meanReturn) || temperature !== undefined) return undefined;
      const exceeds = Math.abs(meanQ) > 10 * Math.max(1, Math.abs(meanReturn));
      return exceeds ? `${meanQ.toPrecision(2)}, where episodes return ${meanReturn.toPrecision(2)}` : undefined;
    },
    message: "values exceed returns: the critic's mean value is %, as where it diverges",
    remedy: "a smaller learning rate or target rate, normalised rewards, a smaller gamma, the smaller of two critics as TD3 has it",
  },
];

/** √(2πe): a normal of entropy H and dimension d spreads by exp(H / d) over this, the geometric mean of its axes. */
const NORMAL_SPREAD = 4.132731354122493;

function collapsedEntropy({ entropy }: Metrics, _: Metrics, space: Space | undefined): string | undefined {
  if (!isNumber(entropy) || space === undefined) return undefined;
  if (space.kind !== "box") {
    const effective = exp(entropy);
    return effective < 1.01 ? `${effective.toFixed(3)} actions of equal probability would have its entropy` : undefined;
  }
  const spread = exp(entropy / space.size) / NORMAL_SPREAD;
  return spread < 1e-3 * halfRange(space) ? `a standard deviation of ${spread.toPrecision(2)}` : undefined;
}

/** Half of what actions range over, the smallest of the axes; 1 where that has no end. */
function halfRange({ low, high }: Extract<Space, { readonly kind: "box" }>): number {
  const halves = Array.from(low, (least, axis) => (high[axis] - least) / 2);
  return Math.min(...halves.map((half) => (Number.isFinite(half) ? half : 1)));
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
