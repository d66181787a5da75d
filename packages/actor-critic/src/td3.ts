/**
 * Twin delayed deterministic policy gradients: DDPG with three cures for values that are too high.
 *
 * Paper: Fujimoto, van Hoof and Meger 2018, "Addressing Function Approximation Error in Actor-Critic Methods",
 * algorithm 1.
 *
 * Details that matter in practice. [P] is that paper; [S] is Stable-Baselines3 2.9, whose defaults these are.
 *
 *  1. Two critics; targets take the smaller of both target critics [P, section 4.2].
 *  2. Target actions are smoothed: normal noise, clipped, is added to the target policy's, and the sum is clipped to the
 *     bounds [P, section 5.3].
 *  3. The policy and all target networks move once in `policyDelay` updates, the policy along the first critic alone
 *     [P, section 5.2].
 *  4. One update is one program: losses, gradients and Adam from the same parameters, at once; [P] and [S] take the
 *     critics' step first and the policy's after it.
 *  5. Target networks copy the new parameters: θ̄ ← τ θ + (1 − τ) θ̄ [P].
 *  6. Actions explore by normal noise or an Ornstein–Uhlenbeck process, and are clipped to the bounds, as stored and as
 *     played [P].
 *  7. The first steps are random actions, uniform in the bounds, and no updates [P, S]; nor are there any
 *     before the buffer holds a batch, which [S] would draw from fewer.
 *  8. An update for each environment step, from batches drawn uniformly with replacement [P, S]; or by the size of
 *     the critics' errors, which importance weights then undo (Schaul et al. 2016, "Prioritized Experience Replay").
 *  9. Critics see actions on the scale of their bounds, [−1, 1], and noise has that scale [S].
 * 10. The policy's outputs are squashed by tanh into the bounds [P].
 * 11. A truncated episode bootstraps from its own last observation; a terminated one does not [S].
 * 12. Targets may hold the rewards of n steps; they are not corrected for the policy having changed.
 */
import { compile, constant, grad, input, minimum } from "@uphill/autodiff";
import type { AnyBackend, Tensor } from "@uphill/autodiff";
import type { Random } from "@uphill/core-math";
import { deterministic } from "@uphill/distributions";
import type { Box, EnvironmentSource, Space } from "@uphill/envs";
import { adam, globalNorm, scheduleValue } from "@uphill/nn";
import { divergenceError, newAgent, Policy, resumedAgent, RunningMeans } from "@uphill/training";
import type { Agent, AgentMaker, Iteration, Learner, ReplayBatch, Snapshot } from "@uphill/training";
import { criticLosses } from "./internal/critic-loss.js";
import { deterministicActor } from "./internal/deterministic-actor.js";
import type { DeterministicActor } from "./internal/deterministic-actor.js";
import { NoisyActor } from "./internal/noisy-actor.js";
import { offPolicyMaker } from "./internal/off-policy-maker.js";
import type { LearnerParts, UpdateParts } from "./internal/off-policy-maker.js";
import { qNetwork } from "./internal/q-network.js";
import { startTargets, targetUpdates } from "./internal/target-network.js";
import { transitionFeeds, transitionInputs } from "./internal/transition-inputs.js";
import type { TransitionSource } from "./internal/transition-source.js";
import { td3Options } from "./td3-options.js";
import type { Td3Options, Td3Report, Td3ResolvedOptions } from "./td3-options.js";

// Loss ---------------------------------------------------------------------------------------------------------------

/** One number a transition, each float32 `["batch"]`. */
export interface Td3LossInputs {
  /** Qᵢ(s, a) of what was stored, of each critic. */
  readonly storedQ: readonly Tensor[];
  /** r + γ min Q̄ᵢ(s′, ã′), what they learn. */
  readonly target: Tensor;
  /** Q₁(s, μ(s)). */
  readonly policyQ: Tensor;
  /** w, importance weights of what was stored; 1 where left out. */
  readonly weight?: Tensor;
}

/**
 * TD3's losses, each a scalar:
 *
 *     critics  Σᵢ E[w (Qᵢ(s, a) − y)²],        policy  −E[Q₁(s, μ(s))]
 *
 * Gradients flow through `storedQ` in the first; through `policyQ` in the second, which is for the policy's parameters
 * alone. (Fujimoto et al. 2018, algorithm 1.)
 *
 * @param inputs - One number a transition; see {@link Td3LossInputs}.
 * @returns `criticLoss`, `policyLoss`, and the `errors`, the mean of |Qᵢ(s, a) − y| over i, `["batch"]`.
 * @throws ShapeError where inputs differ in shape.
 */
export function td3Losses({ storedQ, target, policyQ, weight }: Td3LossInputs) {
  return { ...criticLosses(storedQ, target, weight), policyLoss: policyQ.mean().neg() };
}

// State and update ---------------------------------------------------------------------------------------------------

/** Two programs: an update of the critics, and one of the policy and the target networks with it. */
function compileUpdates({ settings, memory, actor, shape, random, backend }: UpdateParts<DeterministicActor, Td3ResolvedOptions>) {
  const { box } = shape;
  const { store } = memory;
  const fed = {
    ...transitionInputs(shape),
    noise: input("noise", ["batch", box.size]),
    learningRate: input("learningRate", []),
  };
  const [seen, nextSeen] = [memory.scaled(fed.observation), memory.scaled(fed.nextObservation)];
  const critics = ["critic0", "critic1"].map((name) => qNetwork(random, name, shape));
  const targetCritics = ["targetCritic0", "targetCritic1"].map((name) => qNetwork(random, name, shape));
  const targetActor = deterministicActor(random, "targetPolicy", shape);

  const { targetNoise, targetNoiseClip } = settings;
  const smoothing = fed.noise.mul(targetNoise).clip(-targetNoiseClip, targetNoiseClip).mul(constant(box.halfWidth));
  const nextAction = box.clip(targetActor.action(nextSeen).add(smoothing));
  const nextQ = targetCritics.map((critic) => critic.value(nextSeen, nextAction)).reduce(minimum);
  const target = fed.reward.add(fed.discount.mul(nextQ));
  const storedQ = critics.map((critic) => critic.value(seen, fed.action));
  const policyQ = critics[0].value(seen, actor.action(seen));
  const { criticLoss, policyLoss, errors } = td3Losses({ storedQ, target, policyQ, weight: fed.weight });

  const { learningRate } = fed;
  const criticParameters = critics.flatMap(({ parameters }) => parameters);
  const criticGradients = grad(criticLoss, criticParameters);
  const criticSteps = adam(criticParameters, criticGradients, { learningRate, name: "adam/critics" });
  const policyGradients = grad(policyLoss, actor.parameters);
  const policySteps = adam(actor.parameters, policyGradients, { learningRate, name: "adam/policy" });
  const targets = [...targetCritics.flatMap(({ parameters }) => parameters), ...targetActor.parameters];
  const followed = [...criticParameters, ...actor.parameters];
  startTargets(store, followed, targets);
  const moves = targetUpdates(targets, followed, [...criticSteps, ...policySteps], constant(settings.targetRate));

  // The policy's loss is left out of the critics' update: it would cost that a fifth more.
  const watched = { criticLoss, meanQ: storedQ[0].mean(), errors };
  const outputs = { ...watched, gradientNorm: globalNorm(criticGradients) };
  const allOutputs = { ...watched, policyLoss, gradientNorm: globalNorm([...criticGradients, ...policyGradients]) };
  return {
    critics: compile({ inputs: fed, outputs, updates: criticSteps, store, backend }),
    all: compile({ inputs: fed, outputs: allOutputs, updates: [...criticSteps, ...policySteps, ...moves], store, backend }),
  };
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * A TD3 agent.
 *
 * @param options - `env`, or `transitions` in its place; `seed`, `backend` and {@link Td3Settings}; tuned ones are in `td3Presets`.
 * @returns The agent, untrained; its environments are reset. Where it learns from `transitions` alone, its steps are
 *   updates.
 * @throws OptionError naming an option that is unknown or out of its range, a batch larger than the buffer, or `env` or
 *   `transitions` where actions are not numbers within finite bounds.
 */
export function td3<A extends Box>(options: Td3Options<A>): Agent<A, Td3Report> {
  return newAgent(maker, options);
}

/**
 * The agent that {@link Agent.checkpoint} stored, its replay buffer included; it goes on to the same bits as one that
 * never stopped.
 *
 * @param checkpoint - The file's bytes.
 * @param env - The environment that it was trained on; it may be left out where that was none.
 * @param backend - What runs the updates; WebAssembly by default.
 * @returns The agent, at the end of the iteration that the checkpoint was taken after.
 * @throws FormatError where the bytes are damaged, of another algorithm, or of an environment of another name.
 */
export function resumeTd3<A extends Box>(
  checkpoint: Uint8Array,
  env?: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, Td3Report> {
  return resumedAgent(maker, checkpoint, env, backend);
}

class Td3Learner<A extends Space> implements Learner<A, Td3Report> {
  readonly policy: Policy<A>;
  readonly #settings: Td3ResolvedOptions;
  readonly #source: TransitionSource<A>;
  readonly #actor: NoisyActor<A>;
  readonly #updates: ReturnType<typeof compileUpdates>;
  readonly #streams: Readonly<Record<"exploration" | "updates", Random>>;
  readonly #targetNoise: Float32Array;
  #count = 0;

  constructor({ source, settings, random, backend }: LearnerParts<A, Td3ResolvedOptions>) {
    const { memory, box, environmentId, observationSpace, actionSpace } = source;
    const shape = { ...settings, observationSize: observationSpace.size, box };
    const actor = deterministicActor(random, "policy", shape);
    const distribution = (observation: Tensor) => deterministic({ point: actor.action(memory.scaled(observation)) });
    this.policy = new Policy({ environmentId, algorithm: "td3", observationSpace, actionSpace, store: memory.store, distribution });
    this.#settings = settings;
    this.#source = source;
    this.#updates = compileUpdates({ settings, memory, actor, shape, random, backend });
    this.#actor = new NoisyActor(this.policy, box, source.count, settings);
    this.#streams = { exploration: random.split("exploration"), updates: random.split("updates") };
    this.#targetNoise = new Float32Array(settings.batchSize * box.size);
  }

  /** One iteration: steps of the environments, and after each the updates that are due. */
  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const source = this.#source;
    const learningRate = scheduleValue(this.#settings.learningRate, progress);
    const means = { critics: new RunningMeans(watchedNames), policy: new RunningMeans(["policyLoss"]) };
    const end = Math.min(this.#settings.stepsPerReport, remainingSteps);
    let taken = 0;
    for (; taken < end; taken += source.count) {
      // Phase 1: act in all environments, and store what happened.
      const due = source.step((environments) => this.#actor.act(environments, this.#streams.exploration));
      // Phase 2: learn from batches of what is stored.
      for (let k = 0; k < due; k++) {
        await this.#learn(source.memory.sample(progress), learningRate, steps, means);
        if (pace.due) await pace.turn();
      }
      if (pace.due) await pace.turn();
    }
    source.memory.updateScaling();
    // Phase 3: report.
    const averages = { ...means.critics.values(), ...means.policy.values() };
    return { taken, report: { ...source.report, updates: this.#count, ...averages, learningRate } };
  }

  async #learn(batch: ReplayBatch<A>, learningRate: number, steps: number, means: UpdateMeans): Promise<void> {
    this.#streams.updates.fillStandardNormal(this.#targetNoise);
    this.#count++;
    const { all, critics } = this.#updates;
    const update = this.#count % this.#settings.policyDelay === 0 ? all : critics;
    await update.execute({ ...transitionFeeds(batch), noise: this.#targetNoise, learningRate });
    const read = (name: WatchedName): number => update.scalar(name);
    if (!update.updatesApplied) throw divergenceError(`td3 update ${this.#count}`, watchedNames, read, steps);
    this.#source.memory.setErrors(update.view("errors"));
    means.critics.add(read);
    if (update === all) means.policy.add((name) => all.scalar(name));
  }

  capture(): Snapshot {
    const own: OwnState = { updates: this.#count, noise: [...this.#actor.noise] };
    return this.#source.capture(this.#streams, own);
  }

  restore(snapshot: Snapshot): void {
    const { updates, noise } = this.#source.restore(snapshot, this.#streams) as OwnState;
    this.#count = updates;
    this.#actor.noise.set(noise);
  }

  close(): void {
    this.#source.close();
  }
}

const maker: AgentMaker<typeof td3Options, Td3Report> = offPolicyMaker("td3", td3Options, (parts) => new Td3Learner(parts));

type OwnState = { readonly updates: number; readonly noise: readonly number[] };

const watchedNames = ["criticLoss", "meanQ", "gradientNorm"] as const;
type WatchedName = (typeof watchedNames)[number];

/** Over the updates of an iteration: all of them, and those that move the policy. */
interface UpdateMeans {
  readonly critics: RunningMeans<WatchedName>;
  readonly policy: RunningMeans<"policyLoss">;
}
