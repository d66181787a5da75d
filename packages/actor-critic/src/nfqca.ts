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
 *  3. Both fits go on from the weights before, by Adam over shuffled minibatches; [P] uses Rprop over the whole batch.
 *  4. The policy's outputs are squashed by tanh into the bounds; the critic sees actions on their scale [P].
 *  5. A truncated transition bootstraps, a terminated one does not.
 */
import { compile, grad, input, Store } from "@uphill/autodiff";
import type { AnyBackend, Tensor } from "@uphill/autodiff";
import { NumericalError, Random, requireInteger } from "@uphill/core-math";
import { deterministic } from "@uphill/distributions";
import { box } from "@uphill/envs";
import type { Box } from "@uphill/envs";
import { adam } from "@uphill/nn";
import { EventLoopPacer, Policy, requireSignal, resolveOptions } from "@uphill/training";
import { ActionCode } from "./fitted-q/action-code.js";
import { basePoints } from "./fitted-q/base-points.js";
import { BoundedBox } from "./internal/bounded-box.js";
import { deterministicActor } from "./internal/deterministic-actor.js";
import { qNetwork } from "./internal/q-network.js";
import { shuffledParts } from "./internal/shuffled-parts.js";
import { nfqcaOptions } from "./nfqca-options.js";
import type { NfqcaOptions, NfqcaReport, NfqcaResolvedOptions } from "./nfqca-options.js";

/** The networks and the three programs: targets, a step of the critic, a step of the policy. */
function makePrograms(settings: NfqcaResolvedOptions, observationSize: number, actionBox: BoundedBox, seed: number, backend: AnyBackend | undefined) {
  const store = new Store();
  const random = new Random(seed);
  const shape = { ...settings, observationSize, box: actionBox };
  const critic = qNetwork(random, "critic", shape);
  const actor = deterministicActor(random, "policy", shape);
  const observation = input("observation", ["batch", observationSize]);
  const action = input("action", ["batch", actionBox.size]);
  const [reward, discount, y] = ["reward", "discount", "target"].map((name) => input(name, ["batch"]));
  const { learningRate } = settings;

  const next = critic.value(observation, actor.action(observation));
  const targets = compile({ inputs: { observation, reward, discount }, outputs: { target: reward.add(discount.mul(next)) }, store });
  const criticLoss = critic.value(observation, action).sub(y).square().mean();
  const meanQ = next.mean();
  const criticSteps = adam(critic.parameters, grad(criticLoss, critic.parameters), { learningRate, name: "adam/critic" });
  const policySteps = adam(actor.parameters, grad(meanQ.neg(), actor.parameters), { learningRate, name: "adam/policy" });
  return {
    store,
    random,
    actor,
    targets,
    fitCritic: compile({ inputs: { observation, action, target: y }, outputs: { criticLoss }, updates: criticSteps, store, backend }),
    fitPolicy: compile({ inputs: { observation }, outputs: { meanQ }, updates: policySteps, store, backend }),
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
  const { transitions, environmentId = "offline", seed = 0, backend, onIteration, signal, ...given } = options;
  const settings = resolveOptions(nfqcaOptions, given);
  requireInteger("seed", seed, { least: 0 });
  requireSignal("signal", signal);
  const { observationSize, actionSpace } = transitions;
  const actionBox = new BoundedBox(environmentId, actionSpace);
  const { batch } = basePoints(transitions, new ActionCode(actionSpace), settings.gamma);
  const programs = makePrograms(settings, observationSize, actionBox, seed, backend);
  const { store, actor, random, targets, fitCritic, fitPolicy } = programs;
  const shuffles = random.split("minibatches");
  const pacer = new EventLoopPacer();
  const pause = async (): Promise<void> => {
    if (pacer.due) await pacer.turn();
    signal?.throwIfAborted();
  };
  for (let iteration = 1; iteration <= settings.iterations; iteration++) {
    // Phase 1: targets, by critic and policy as they are.
    targets.execute({ observation: batch.nextObservations, reward: batch.rewards, discount: batch.discounts });
    const y = Float32Array.from(targets.view("target"));
    // Phase 2: the critic.
    const size = settings.minibatchSize;
    const criticLoss = new LastPass(settings.criticEpochs, Math.ceil(batch.size / size));
    const rows = [[batch.observations, observationSize], [batch.actions as Float32Array, actionBox.size], [y, 1]] as const;
    for (const [observation, action, target] of shuffledParts(shuffles, { size, epochs: settings.criticEpochs }, ...rows)) {
      await fitCritic.execute({ observation, action, target });
      if (!fitCritic.updatesApplied) throw notFinite("critic loss", fitCritic.scalar("criticLoss"), iteration);
      criticLoss.add(fitCritic.scalar("criticLoss"));
      await pause();
    }
    // Phase 3: the policy.
    const meanQ = new LastPass(settings.policyEpochs, Math.ceil(batch.size / size));
    for (const [observation] of shuffledParts(shuffles, { size, epochs: settings.policyEpochs }, [batch.observations, observationSize])) {
      await fitPolicy.execute({ observation });
      if (!fitPolicy.updatesApplied) throw notFinite("mean Q", fitPolicy.scalar("meanQ"), iteration);
      meanQ.add(fitPolicy.scalar("meanQ"));
      await pause();
    }
    onIteration?.({ iteration, criticLoss: criticLoss.mean, meanQ: meanQ.mean } satisfies NfqcaReport);
  }
  const observationSpace = box({ low: -Infinity, high: Infinity, shape: [observationSize] });
  const distribution = (observation: Tensor) => deterministic({ point: actor.action(observation) });
  return new Policy({ environmentId, algorithm: "nfqca", observationSpace, actionSpace, store, distribution });
}

/** The mean over the parts of the last pass. */
class LastPass {
  #sum = 0;
  #left: number;
  readonly #parts: number;

  constructor(epochs: number, parts: number) {
    this.#left = epochs * parts;
    this.#parts = parts;
  }

  add(value: number): void {
    if (this.#left-- <= this.#parts) this.#sum += value;
  }

  get mean(): number {
    return this.#sum / this.#parts;
  }
}

function notFinite(what: string, value: number, iteration: number): NumericalError {
  return new NumericalError(`nfqca: expected a finite ${what} and gradient, got ${value} in iteration ${iteration}`);
}
