/**
 * Neural fitted Q-iteration with continuous actions: critic and policy fitted in turn on one batch of transitions.
 *
 * Paper: Hafner and Riedmiller 2011, "Reinforcement learning in feedback control", section 4.
 *
 * Details that matter in practice. [P] is that paper.
 *
 *  1. Nothing is played: all that is learned comes from the batch, a file of transitions if need be.
 *  2. Each iteration fits the critic to y = r + γ Q(s′, π(s′)), with Q and π as they were before it; then the policy to
 *     larger Q(s, π(s)), with Q as it is then [P, algorithm 1].
 *  3. Both fits go on from the weights before, by Adam over shuffled minibatches; [P] uses Rprop over the whole batch. The
 *     step size falls to 0 over the iterations, so that the last policy is no victim of the last step's noise.
 *  4. The policy's outputs are squashed by tanh into the bounds; the critic sees actions on their scale [P].
 *  5. Observations are normalised by the batch's mean and standard deviation, targets by those of each iteration: units do
 *     not matter.
 *  6. A truncated transition bootstraps, a terminated one does not.
 */
import { compile, grad, input, Store } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { NumericalError, Random, requireInteger, requireObject } from "@uphill/core-math";
import { deterministic } from "@uphill/distributions";
import { box } from "@uphill/envs";
import type { Box } from "@uphill/envs";
import { adam, scheduleValue } from "@uphill/nn";
import { EventLoopPacer, ObservationScaling, Policy, requireSignal, resolveOptions } from "@uphill/training";
import { ActionCode } from "./fitted-q/action-code.js";
import { basePoints, requireFinite } from "./fitted-q/base-points.js";
import type { BasePoints } from "./fitted-q/base-points.js";
import type { States } from "./fitted-q/maximizer.js";
import { BoundedBox } from "./internal/bounded-box.js";
import { deterministicActor } from "./internal/deterministic-actor.js";
import { qNetwork } from "./internal/q-network.js";
import { requireCallback } from "./internal/require-callback.js";
import { requireMethod } from "./internal/require-method.js";
import { shuffledParts } from "./internal/shuffled-parts.js";
import { targetScale } from "./internal/target-scale.js";
import { nfqcaOptions } from "./nfqca-options.js";
import type { NfqcaOptions, NfqcaReport, NfqcaResolvedOptions } from "./nfqca-options.js";

/** The policy, and the programs: targets, a step of the critic, a step of the policy. */
function makePrograms<A extends Box>(
  settings: NfqcaResolvedOptions,
  { observations, observationSize }: States,
  { transitions: { actionSpace }, environmentId = "offline", backend }: NfqcaOptions<A>,
  random: Random,
) {
  const actionBox = new BoundedBox(actionSpace);
  const store = new Store();
  const shape = { ...settings, observationSize, box: actionBox };
  const critic = qNetwork(random, "critic", shape);
  const actor = deterministicActor(random, "policy", shape);
  const scaling = new ObservationScaling(observationSize);
  scaling.update(observations, store);
  const observation = input("observation", ["batch", observationSize]);
  const action = input("action", ["batch", actionBox.size]);
  const [reward, discount, target] = ["reward", "discount", "target"].map((name) => input(name, ["batch"]));
  const [mean, deviation, learningRate] = ["mean", "deviation", "learningRate"].map((name) => input(name, []));

  const seen = scaling.apply(observation);
  const played = critic.value(seen, actor.action(seen));
  const targets = { target: reward.add(discount.mul(played.mul(deviation).add(mean))) };
  const criticLoss = critic.value(seen, action).sub(target).square().mean();
  const meanQ = played.mean();
  const criticSteps = adam(critic.parameters, grad(criticLoss, critic.parameters), { learningRate, name: "adam/critic" });
  const policySteps = adam(actor.parameters, grad(meanQ.neg(), actor.parameters), { learningRate, name: "adam/policy" });
  const observationSpace = box({ low: -Infinity, high: Infinity, shape: [observationSize] });
  const distribution = (raw: Tensor) => deterministic({ point: actor.action(scaling.apply(raw)) });
  return {
    policy: new Policy({ environmentId, algorithm: "nfqca", observationSpace, actionSpace, store, distribution }),
    targets: compile({ inputs: { observation, reward, discount, mean, deviation }, outputs: targets, store }),
    fitCritic: compile({ inputs: { observation, action, target, learningRate }, outputs: { criticLoss }, updates: criticSteps, store, backend }),
    fitPolicy: compile({ inputs: { observation, learningRate }, outputs: { meanQ }, updates: policySteps, store, backend }),
  };
}

/**
 * Learns a policy from a batch of transitions by NFQCA:
 *
 *     Q ← fit of  r + γ Q(s′, π(s′))  at (s, a),        π ← arg max E[Q(s, π(s))]        in turn
 *
 * @param options - See {@link NfqcaOptions}.
 * @returns The policy, ready to play, to evaluate and to export.
 * @throws OptionError for an option that is unknown or out of its range, no transitions, or actions without bounds;
 *   NumericalError where a loss is not finite, naming the iteration.
 */
export async function nfqca<A extends Box>(options: NfqcaOptions<A>): Promise<Policy<A>> {
  requireObject("options", options);
  const { transitions, environmentId: _id, seed = 0, backend: _backend, onIteration, signal, ...given } = options;
  const settings = resolveOptions(nfqcaOptions, given);
  const random = new Random(requireInteger("seed", seed, { least: 0 }));
  requireSignal("signal", signal);
  requireCallback("onIteration", onIteration);
  requireMethod("transitions", transitions, "gather");
  const points = basePoints(transitions, new ActionCode(transitions.actionSpace), settings.gamma);
  const programs = makePrograms(settings, points.states, options, random);
  const pacer = new EventLoopPacer();
  const pause = async (): Promise<void> => {
    if (pacer.due) await pacer.turn();
    signal?.throwIfAborted();
  };
  for await (const report of fits(settings, points, programs, random.split("minibatches"), pause)) await onIteration?.(report);
  return programs.policy;
}

/** The iterations, with a report after each. */
async function* fits<A extends Box>(
  settings: NfqcaResolvedOptions,
  { batch, states: { observations, observationSize } }: BasePoints,
  { policy, targets, fitCritic, fitPolicy }: ReturnType<typeof makePrograms<A>>,
  shuffles: Random,
  pause: () => Promise<void>,
): AsyncGenerator<NfqcaReport, void> {
  const { iterations, minibatchSize: size, criticEpochs, policyEpochs } = settings;
  const { nextObservations, rewards, discounts } = batch;
  const parts = Math.ceil(batch.size / size);
  let scale = { mean: 0, deviation: 0 };
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const learningRate = scheduleValue(settings.learningRate, (iteration - 1) / iterations);
    // Phase 1: targets, by critic and policy as they are; rewards alone in the first iteration.
    targets.execute({ observation: nextObservations, reward: rewards, discount: discounts, ...scale });
    const { normalized, mean, deviation } = targetScale(requireFinite("nfqca", "target", targets.view("target"), iteration));
    scale = { mean, deviation };
    // Phase 2: the critic.
    const losses: number[] = [];
    const rows = [[observations, observationSize], [batch.actions as Float32Array, policy.actionSpace.size], [normalized, 1]] as const;
    for (const [observation, action, target] of shuffledParts(shuffles, { size, epochs: criticEpochs }, ...rows)) {
      await fitCritic.execute({ observation, action, target, learningRate });
      losses.push(appliedOutput(fitCritic, "criticLoss", iteration));
      await pause();
    }
    // Phase 3: the policy.
    const values: number[] = [];
    for (const [observation] of shuffledParts(shuffles, { size, epochs: policyEpochs }, [observations, observationSize])) {
      await fitPolicy.execute({ observation, learningRate });
      values.push(appliedOutput(fitPolicy, "meanQ", iteration));
      await pause();
    }
    const [criticLoss, meanQ] = [losses, values].map((all) => meanOf(all.slice(-parts)));
    yield { iteration, criticLoss: criticLoss * deviation ** 2, meanQ: mean + deviation * meanQ, policy };
  }
}

/** What a step gave. @throws NumericalError where it was refused. */
function appliedOutput<N extends string>(program: { updatesApplied: boolean; scalar(name: N): number }, name: N, iteration: number): number {
  const value = program.scalar(name);
  if (program.updatesApplied) return value;
  throw new NumericalError(`nfqca: expected a finite ${name} and gradient, got ${value} in iteration ${iteration}`);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
