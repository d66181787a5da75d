/**
 * Off-policy policy gradient with V-trace: a policy and its value function from sequences that another policy made, whose
 * probabilities were stored.
 *
 * Paper: Espeholt et al. 2018, "IMPALA: Scalable Distributed Deep-RL with Importance Weighted Actor-Learner
 * Architectures", section 4.
 *
 * Details that matter in practice.
 *
 *  1. A batch is B sequences of T steps each, drawn uniformly from the buffer; log μ(a | s) of each step was stored.
 *  2. Targets and advantages are V-trace's, with ratios π/μ clipped at ρ̄ = 1 and c̄ = 1; log π and V are those of before
 *     the update [section 4.1].
 *  3. One Adam step a batch on −E[ρ Â log π] − c₂ E[H] + c₁ E[(v − V)²] [section 4.2].
 *  4. Where a stream was broken off in the buffer the trace is cut, as at a truncation; a truncated step bootstraps from
 *     its own last observation, a terminated one does not.
 */
import { compile, grad, input, Store } from "@uphill/autodiff";
import type { AnyBackend } from "@uphill/autodiff";
import { expectation, NumericalError, OptionError, Random, requireInteger, requireObject } from "@uphill/core-math";
import { box } from "@uphill/envs";
import type { Space } from "@uphill/envs";
import { vTraceAdvantages, vTraceTargets } from "@uphill/estimators";
import { adam, clipByGlobalNorm } from "@uphill/nn";
import {
  defineOptions, EventLoopPacer, Policy, policyGradientLoss, policyNetwork, ReplayBuffer, requireSignal, resolveOptions, valueNetwork,
} from "@uphill/training";
import type { OptionsAgree, OptionsOf, ReplayBatch } from "@uphill/training";
import { offPolicyOptions } from "./internal/off-policy-options.js";
import { requireCallback } from "./internal/require-callback.js";
import type { OffPolicySettings } from "./off-policy-settings.js";

/** How {@link vTracePolicyGradient} learns. Ranges are in {@link vTraceOptions}. */
export interface VTraceSettings extends Pick<OffPolicySettings, "gamma" | "hiddenWidths" | "activation"> {
  /** Updates. Default 1000. */
  readonly updates?: number;
  /** B, sequences in a batch. Default 16. */
  readonly sequences?: number;
  /** T, steps of a sequence. Default 20. */
  readonly sequenceSteps?: number;
  /** Adam's step size. Default 1e-3. */
  readonly learningRate?: number;
  /** c₂, weight of the entropy. Default 0.01. */
  readonly entropyWeight?: number;
  /** c₁, weight of the value loss. Default 0.5. */
  readonly valueWeight?: number;
  /** Bound on the gradients' global norm. Default 40. */
  readonly maxGradientNorm?: number;
}

/** What {@link vTracePolicyGradient} takes. */
export interface VTracePolicyGradientOptions<A extends Space = Space> extends VTraceSettings {
  /** Sequences with log μ(a | s): a buffer that keeps log-probabilities. */
  readonly transitions: ReplayBuffer<A>;
  /** Name of the environment that they are of, which the policy carries. Default "offline". */
  readonly environmentId?: string;
  /** Fixes the run: weights and batches. A non-negative integer; default 0. */
  readonly seed?: number;
  /** What runs the updates; WebAssembly by default. */
  readonly backend?: AnyBackend;
  /** Hears of each update. */
  readonly onUpdate?: (report: VTraceReport) => void;
  /** Ends it: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What {@link vTracePolicyGradient} reports of an update. */
export interface VTraceReport {
  /** Its number, from 1. */
  readonly update: number;
  /** −E[ρ Â log π(a | s)] of the batch. */
  readonly policyLoss: number;
  /** E[(V − v)²]. */
  readonly valueLoss: number;
  /** Entropy of the policy in the batch's states, in nats. */
  readonly entropy: number;
  /** Global norm of the gradients before clipping. */
  readonly gradientNorm: number;
}

/** Its options with their defaults, ranges and meanings. */
export const vTraceOptions = defineOptions({
  gamma: offPolicyOptions.gamma,
  hiddenWidths: { ...offPolicyOptions.hiddenWidths, default: [64, 64] },
  activation: { ...offPolicyOptions.activation, default: "tanh" },
  updates: { kind: "integer", default: 1000, range: { least: 1 }, meaning: "updates, one a batch" },
  sequences: { kind: "integer", default: 16, range: { least: 1 }, meaning: "sequences in a batch" },
  sequenceSteps: { kind: "integer", default: 20, range: { least: 1 }, unit: "steps", meaning: "steps of a sequence" },
  learningRate: { kind: "number", default: 1e-3, range: { above: 0, most: 1 }, meaning: "step size of Adam" },
  entropyWeight: { kind: "number", default: 0.01, range: { least: 0 }, meaning: "weight of the entropy in the loss" },
  valueWeight: { kind: "number", default: 0.5, range: { least: 0 }, meaning: "weight of the value loss" },
  maxGradientNorm: { kind: "number", default: 40, range: { above: 0 }, meaning: "bound on the gradients' global norm" },
});
true satisfies OptionsAgree<VTraceSettings, typeof vTraceOptions>;

/** Policy and value function, the program that values a batch, and the one that learns from it. */
function makePrograms<A extends Space>(
  { transitions, environmentId = "offline", seed = 0, backend }: VTracePolicyGradientOptions<A>,
  settings: OptionsOf<typeof vTraceOptions>,
) {
  const { observationSize, actionSpace } = transitions;
  const random = new Random(requireInteger("seed", seed, { least: 0 }));
  const observationSpace = box({ low: -Infinity, high: Infinity, shape: [observationSize] });
  const actor = policyNetwork(random, { ...settings, observationSpace, actionSpace });
  const critic = valueNetwork(random, { ...settings, observationSpace });
  const store = new Store();
  const distributionOf = actor.distribution;
  const policy = new Policy<A>({
    environmentId,
    algorithm: "v-trace",
    observationSpace,
    actionSpace,
    store,
    distribution: (observation) => distributionOf(observation),
  });
  const observation = input("observation", ["batch", observationSize]);
  const nextObservation = input("nextObservation", ["batch", observationSize]);
  const distribution = policy.distribution(observation);
  const action = input("action", ["batch", ...distribution.eventShape], distribution.dtype);
  const [advantage, valueTarget] = ["advantage", "valueTarget"].map((name) => input(name, ["batch"]));
  const logProbability = distribution.logProbability(action);
  const value = critic.value(observation);
  const evaluated = { logProbability, value, nextValue: critic.value(nextObservation) };

  const policyLoss = policyGradientLoss({ logProbability, advantage });
  const valueLoss = value.sub(valueTarget).square().mean();
  const entropy = distribution.entropy().mean();
  const loss = policyLoss.sub(entropy.mul(settings.entropyWeight)).add(valueLoss.mul(settings.valueWeight));
  const parameters = [...actor.parameters, ...critic.parameters];
  const { gradients, norm } = clipByGlobalNorm(grad(loss, parameters), settings.maxGradientNorm);
  const updates = adam(parameters, gradients, { learningRate: settings.learningRate, gradientNorm: norm });
  return {
    policy,
    stream: random.split("batches"),
    evaluate: compile({ inputs: { observation, nextObservation, action }, outputs: evaluated, store }),
    learn: compile({ inputs: { observation, action, advantage, valueTarget }, outputs: { loss, policyLoss, valueLoss, entropy, gradientNorm: norm }, updates, store, backend }),
  };
}

/**
 * Learns a policy from what another one did, by the policy gradient with V-trace:
 *
 *     ∇J ≈ E[min(ρ̄, π/μ) (r + γ v(s′) − V(s)) ∇log π(a | s)],   v: `vTraceTargets`
 *
 * @param options - See {@link VTracePolicyGradientOptions}.
 * @returns The policy, ready to play, to evaluate and to export.
 * @throws OptionError for an option that is unknown or out of its range, a buffer that keeps no log-probabilities, or one
 *   that holds no whole sequence; NumericalError where a loss is not finite, naming the update.
 */
export async function vTracePolicyGradient<A extends Space>(options: VTracePolicyGradientOptions<A>): Promise<Policy<A>> {
  requireObject("options", options);
  const { transitions, environmentId: _id, seed: _seed, backend: _backend, onUpdate, signal, ...given } = options;
  const settings = resolveOptions(vTraceOptions, given);
  const { gamma, sequences, sequenceSteps } = settings;
  requireSignal("signal", signal);
  requireCallback("onUpdate", onUpdate);
  requireSequences(transitions, sequenceSteps);
  const { policy, stream, evaluate, learn } = makePrograms(options, settings);
  const batch = transitions.emptyBatch(sequences * sequenceSteps);
  const pacer = new EventLoopPacer();
  for (let update = 1; update <= settings.updates; update++) {
    // Phase 1: sequences of the buffer, [T, B].
    drawSequences(transitions, batch, sequences, stream);
    transitions.gather(batch, { gamma });
    // Phase 2: what the policy and the value function of now say of them.
    evaluate.execute({ observation: batch.observations, nextObservation: batch.nextObservations, action: batch.actions });
    const current = Float64Array.from(evaluate.view("logProbability"));
    const rollout = {
      rewards: batch.rewards,
      terminated: batch.terminated,
      truncated: batch.truncated,
      values: Float64Array.from(evaluate.view("value")),
      nextValues: Float64Array.from(evaluate.view("nextValue")),
      logRatios: current.map((logProbability, i) => logProbability - batch.logProbabilities[i]),
      environments: sequences,
      gamma,
    };
    const targets = vTraceTargets(rollout);
    const advantage = vTraceAdvantages({ ...rollout, targets });
    // Phase 3: one step.
    await learn.execute({ observation: batch.observations, action: batch.actions, advantage, valueTarget: targets });
    if (!learn.updatesApplied) {
      throw new NumericalError(`v-trace: expected a finite loss and gradient, got ${learn.scalar("loss")} in update ${update}`);
    }
    onUpdate?.({ update, ...lossesOf(learn) });
    if (pacer.due) await pacer.turn();
    signal?.throwIfAborted();
  }
  return policy;
}

function lossesOf(learn: { scalar(name: "policyLoss" | "valueLoss" | "entropy" | "gradientNorm"): number }): Omit<VTraceReport, "update"> {
  const [policyLoss, valueLoss] = [learn.scalar("policyLoss"), learn.scalar("valueLoss")];
  return { policyLoss, valueLoss, entropy: learn.scalar("entropy"), gradientNorm: learn.scalar("gradientNorm") };
}

function requireSequences(transitions: ReplayBuffer, steps: number): void {
  if (!(transitions instanceof ReplayBuffer)) throw new OptionError(expectation("transitions", "a ReplayBuffer", transitions));
  const { size, environments, keepsLogProbabilities } = transitions;
  if (!keepsLogProbabilities) throw new OptionError("transitions: expected a buffer that keeps log-probabilities, got one that does not");
  if (size / environments >= steps) return;
  throw new OptionError(`transitions: expected at least sequenceSteps = ${steps} steps of each environment, got ${size / environments}`);
}

/** Rows of B sequences: element t·B + b is step t of sequence b. */
function drawSequences({ first, size, environments }: ReplayBuffer, { rows }: ReplayBatch, sequences: number, random: Random): void {
  const steps = rows.length / sequences;
  const starts = size - (steps - 1) * environments;
  for (let b = 0; b < sequences; b++) {
    const start = first + random.integer(starts);
    for (let t = 0; t < steps; t++) rows[t * sequences + b] = start + t * environments;
  }
}
