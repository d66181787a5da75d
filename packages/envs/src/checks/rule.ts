import type { Probe } from "./probe.js";

/** The rules of a single environment, in the order in which they are checked. */
export type SingleRuleName =
  | "definition"
  | "time-limit"
  | "environment"
  | "observation-space"
  | "action-space"
  | "space-sample"
  | "space-json"
  | "reset"
  | "seed-repeats"
  | "stream-repeats"
  | "reset-options"
  | "seed-validation"
  | "step"
  | "observation"
  | "reward"
  | "flags"
  | "first-step"
  | "repeatable"
  | "kept-observation"
  | "seed-matters"
  | "action-validation"
  | "action-clipping"
  | "step-before-reset"
  | "close"
  | "saved-state";

/** The rules of a vector of environments, in the order in which they are checked. */
export type VectorRuleName =
  | "vector"
  | "vector-seeds"
  | "vector-seed-validation"
  | "vector-actions"
  | "vector-order"
  | "same-step"
  | "next-step"
  | "disabled"
  | "reset-mask"
  | "vector-saved-state";

/** The rules of `checkEnvironment`. */
export type RuleName = SingleRuleName | VectorRuleName;

/** One thing that is wrong with an environment. */
export interface Finding {
  /** The rule that it breaks. */
  readonly rule: RuleName;
  /** What was seen. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** One rule: how to see whether an environment keeps it. */
export interface Rule {
  readonly name: RuleName;
  readonly remedy: string;
  /** Rules without which this one cannot be judged: where one of them is broken, this one is passed over. */
  readonly needs: readonly RuleName[];
  /** What breaks the rule, or undefined where it is kept. What it throws counts as broken. */
  readonly check: (probe: Probe) => string | undefined;
}
