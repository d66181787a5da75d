import type { AnyBackend } from "@uphill/autodiff";
import type { Box } from "@uphill/envs";
import type { Schedule } from "@uphill/nn";
import { defineOptions } from "@uphill/training";
import type { OptionsAgree, OptionsOf, Policy, ReplayBuffer } from "@uphill/training";
import { offPolicyOptions } from "./internal/off-policy-options.js";
import type { OffPolicySettings } from "./off-policy-settings.js";

/** How NFQCA learns. Ranges are in {@link nfqcaOptions}. */
export interface NfqcaSettings extends Pick<OffPolicySettings, "gamma" | "hiddenWidths" | "activation"> {
  /** Times that the critic and the policy are fitted. Default 100. */
  readonly iterations?: number;
  /** Passes over the transitions in each fit of the critic. Default 10. */
  readonly criticEpochs?: number;
  /** Passes in each fit of the policy. Default 5. */
  readonly policyEpochs?: number;
  /** Transitions in a step of Adam. Default 256. */
  readonly minibatchSize?: number;
  /** Adam's step size, of critic and policy, over the iterations. Default `{ linear: [1e-3, 0] }`. */
  readonly learningRate?: Schedule;
}

/** What {@link nfqca} takes. */
export interface NfqcaOptions<A extends Box = Box> extends NfqcaSettings {
  /** The batch, at least one transition; of bounded continuous actions. */
  readonly transitions: ReplayBuffer<A>;
  /** Name of the environment that they are of, which the policy carries. Default "offline". */
  readonly environmentId?: string;
  /** Fixes the run: weights and shuffles. A non-negative integer; default 0. */
  readonly seed?: number;
  /** What runs the updates; WebAssembly by default. */
  readonly backend?: AnyBackend;
  /** Hears of each iteration; a promise is waited for. */
  readonly onIteration?: (report: NfqcaReport) => void | Promise<void>;
  /** Ends it: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What NFQCA reports of an iteration. */
export interface NfqcaReport {
  /** Its number, from 1. */
  readonly iteration: number;
  /** E[(Q − y)²] over the last pass. */
  readonly criticLoss: number;
  /** E[Q(s, π(s))] over the last pass. */
  readonly meanQ: number;
  /** π as it is now: the same object each time. */
  readonly policy: Policy<Box>;
}

/** NFQCA's options with their defaults, ranges and meanings. */
export const nfqcaOptions = defineOptions({
  gamma: offPolicyOptions.gamma,
  hiddenWidths: { ...offPolicyOptions.hiddenWidths, default: [64, 64] },
  activation: { ...offPolicyOptions.activation, default: "tanh" },
  iterations: { kind: "integer", default: 100, range: { least: 1 }, meaning: "times that the critic and the policy are fitted" },
  criticEpochs: { kind: "integer", default: 10, range: { least: 1 }, meaning: "passes over the transitions in each fit of the critic" },
  policyEpochs: { kind: "integer", default: 5, range: { least: 1 }, meaning: "passes in each fit of the policy" },
  minibatchSize: { kind: "integer", default: 256, range: { least: 1 }, unit: "transitions", meaning: "transitions in a step of Adam" },
  learningRate: {
    kind: "schedule",
    default: { linear: [1e-3, 0] },
    range: { least: 0, most: 1 },
    meaning: "step size of Adam, for critic and policy",
  },
});
true satisfies OptionsAgree<NfqcaSettings, typeof nfqcaOptions>;

/** NFQCA's options, all of them present. */
export type NfqcaResolvedOptions = OptionsOf<typeof nfqcaOptions>;
