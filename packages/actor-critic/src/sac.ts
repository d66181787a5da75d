/**
 * Soft actor-critic: a stochastic policy and twin critics, learned from replay, where entropy is part of the return.
 *
 * Papers: Haarnoja, Zhou, Abbeel and Levine 2018, "Soft Actor-Critic: Off-Policy Maximum Entropy Deep Reinforcement
 * Learning with a Stochastic Actor" [V], with a value network; Haarnoja et al. 2018, "Soft Actor-Critic Algorithms and
 * Applications" [T], algorithm 1, with target critics and a learned temperature.
 *
 * Details that matter in practice. [S] is Stable-Baselines3 2.9, whose defaults these are.
 *
 *  1. Two critics; targets and the policy take the smaller of both [V, T].
 *  2. Targets bootstrap from target critics at a fresh action of the policy [T]; or from the target of a value network,
 *     which learns E_a[min Q(s, a) − α log π(a|s)] at s, not at s′ [V, equations 5 and 8].
 *  3. The policy minimises E[α log π − min Q] by reparameterised samples [V, equation 12].
 *  4. log α is learned so that the entropy comes to −dim(A) [T, equation 18, in log α as S]; or α is given.
 *  5. Actions are a normal's, squashed by tanh into the bounds; log-probabilities are taken before squashing, so that
 *     they are exact at the edges. Log standard deviations are kept within [−20, 2] [V, appendix C; S].
 *  6. One update is one program: all losses, gradients and Adam steps from the same parameters, at once. [S] takes the
 *     critics' step first and the policy's after it.
 *  7. Target networks copy the new parameters: θ̄ ← τ θ + (1 − τ) θ̄ [V, T].
 *  8. An update for each environment step, from batches drawn uniformly with replacement [S]; or by the size of
 *     the critics' errors, which importance weights then undo (Schaul et al. 2016, "Prioritized Experience Replay").
 *  9. The first steps are random actions, uniform in the bounds, and no updates [S]; nor are there any
 *     before the buffer holds a batch, which [S] would draw from fewer.
 * 10. Critics see actions on the scale of their bounds, [−1, 1] [S].
 * 11. A truncated episode bootstraps from its own last observation; a terminated one does not [S].
 * 12. Targets may hold the rewards of n steps; they are not corrected for the policy having changed.
 * 13. gSDE: noise before squashing is φ(s)ᵀ W with W kept for some steps. Updates use its law at one state, a normal
 *     of variance Σ φ² σ², with a fresh draw for each state; [S] shares one W. Means are kept within ±2 [S].
 */
import { compile, constant, grad, input, minimum, stopGradient, variable } from "@uphill/autodiff";
import type { AnyBackend, Tensor, Variable } from "@uphill/autodiff";
import type { Random } from "@uphill/core-math";
import type { Distribution, SampleWithLogProbability } from "@uphill/distributions";
import type { Box, EnvironmentSource, Space } from "@uphill/envs";
import { adam, globalNorm, mlp, scheduleValue } from "@uphill/nn";
import { divergenceError, newAgent, Policy, resumedAgent, RunningMeans } from "@uphill/training";
import type { Agent, AgentMaker, Iteration, Learner, ReplayBatch, Snapshot } from "@uphill/training";
import { criticLosses } from "./internal/critic-loss.js";
import { offPolicyMaker } from "./internal/off-policy-maker.js";
import type { LearnerParts, UpdateParts } from "./internal/off-policy-maker.js";
import { qNetwork, uniformWeights } from "./internal/q-network.js";
import type { NetworkShape, QNetwork } from "./internal/q-network.js";
import { squashedActor } from "./internal/squashed-actor.js";
import type { SquashedActor } from "./internal/squashed-actor.js";
import { SquashedExplorer } from "./internal/squashed-explorer.js";
import type { ExplorerState } from "./internal/squashed-explorer.js";
import { startTargets, targetUpdates } from "./internal/target-network.js";
import { transitionFeeds, transitionInputs } from "./internal/transition-inputs.js";
import type { TransitionSource } from "./internal/transition-source.js";
import { sacOptions } from "./sac-options.js";
import type { SacOptions, SacReport, SacResolvedOptions } from "./sac-options.js";

// Loss ---------------------------------------------------------------------------------------------------------------

/** One number a transition, each float32 `["batch"]`, but for the scalar `temperature`. */
export interface SacLossInputs {
  /** Qᵢ(s, a) of what was stored, of each critic. */
  readonly storedQ: readonly Tensor[];
  /** y, what they learn: see {@link softValue}. */
  readonly target: Tensor;
  /** Qᵢ(s, ã) of a fresh action ã of the policy, of each critic. */
  readonly policyQ: readonly Tensor[];
  /** log π(ã | s). */
  readonly logProbability: Tensor;
  /** α. */
  readonly temperature: Tensor;
  /** w, importance weights of what was stored; 1 where left out. */
  readonly weight?: Tensor;
}

/**
 * SAC's losses, each a scalar:
 *
 *     critics  Σᵢ E[w (Qᵢ(s, a) − y)²],        policy  E[α log π(ã|s) − minᵢ Qᵢ(s, ã)]
 *
 * Gradients flow through `storedQ` in the first; through `policyQ` and `logProbability` in the second, which is for the
 * policy's parameters alone. (Haarnoja et al. 2018b, equations 5 and 7, without the factor ½.)
 *
 * @param inputs - One number a transition; see {@link SacLossInputs}.
 * @returns The losses; the `errors`, the mean of |Qᵢ(s, a) − y| over i, `["batch"]`; and the entropy −E[log π] in nats.
 * @throws ShapeError where inputs differ in shape.
 */
export function sacLosses({ storedQ, target, policyQ, logProbability, temperature, weight }: SacLossInputs) {
  return {
    ...criticLosses(storedQ, target, weight),
    policyLoss: logProbability.mul(stopGradient(temperature)).sub(policyQ.reduce(minimum)).mean(),
    entropy: logProbability.mean().neg(),
  };
}

/**
 * The soft value of a state from one action of the policy: minᵢ Qᵢ(s, ã) − α log π(ã|s), `["batch"]`.
 *
 * @param q - Qᵢ(s, ã) of each critic, `["batch"]`.
 * @param logProbability - log π(ã | s), `["batch"]`.
 * @param temperature - α, a scalar.
 * @returns Its mean over ã is V(s). Gradients flow to all. (Haarnoja et al. 2018b, equation 3.)
 */
export function softValue(q: readonly Tensor[], logProbability: Tensor, temperature: Tensor): Tensor {
  return q.reduce(minimum).sub(logProbability.mul(temperature));
}

// State and update ---------------------------------------------------------------------------------------------------

/** What targets bootstrap from. */
interface Bootstrap {
  /** V(s′), `["batch"]`. */
  readonly nextValue: Tensor;
  /** What it learns besides the critics, and its loss; nothing where targets bootstrap from critics. */
  readonly learned: readonly Variable[];
  readonly valueLoss: Tensor | null;
  /** Target networks, and those that they follow. */
  readonly targets: readonly Variable[];
  readonly followed: readonly Variable[];
}

/** Form [T]: V(s′) of a fresh action at s′, by target critics. */
function bootstrapFromCritics({ critics, next, nextSeen, temperature, random, shape }: BootstrapParts): Bootstrap {
  const targets = critics.map((_, index) => qNetwork(random, `targetCritic${index}`, shape));
  const q = targets.map((critic) => critic.value(nextSeen, next.value));
  return {
    nextValue: softValue(q, next.logProbability, temperature),
    learned: [],
    valueLoss: null,
    targets: targets.flatMap(({ parameters }) => parameters),
    followed: critics.flatMap(({ parameters }) => parameters),
  };
}

/** Form [V]: V(s′) by the target of a value network, which learns the soft value of a fresh action at s. */
function bootstrapFromValue({ seen, nextSeen, fresh, policyQ, temperature, random, shape }: BootstrapParts): Bootstrap {
  const { observationSize: inputs, hiddenWidths: hidden, activation } = shape;
  const [value, target] = ["value", "targetValue"].map((name) =>
    mlp(random, { name, inputs, hidden, outputs: 1, activation, ...uniformWeights }),
  );
  const softTarget = stopGradient(softValue(policyQ, fresh.logProbability, temperature));
  return {
    nextValue: target.apply(nextSeen).reshape(["batch"]),
    learned: value.parameters,
    valueLoss: value.apply(seen).reshape(["batch"]).sub(softTarget).square().mean(),
    targets: target.parameters,
    followed: value.parameters,
  };
}

interface BootstrapParts {
  readonly critics: readonly QNetwork[];
  readonly seen: Tensor;
  readonly nextSeen: Tensor;
  readonly fresh: SampleWithLogProbability;
  readonly next: SampleWithLogProbability;
  readonly policyQ: readonly Tensor[];
  readonly temperature: Tensor;
  readonly random: Random;
  readonly shape: NetworkShape;
}

/** Losses, gradients, Adam and the target networks' moves, as one program. */
function compileUpdate({ settings, memory, actor, shape, random, backend }: UpdateParts<SquashedActor, SacResolvedOptions>) {
  const { box } = shape;
  const fed = {
    ...transitionInputs(shape),
    noise: input("noise", ["batch", box.size]),
    nextNoise: input("nextNoise", ["batch", box.size]),
    learningRate: input("learningRate", []),
    targetRate: input("targetRate", []),
  };
  const [seen, nextSeen] = [memory.scaled(fed.observation), memory.scaled(fed.nextObservation)];
  const fresh = actor.distribution(seen).sampleWithLogProbability(fed.noise);
  const next = actor.distribution(nextSeen).sampleWithLogProbability(fed.nextNoise);
  const critics = ["critic0", "critic1"].map((name) => qNetwork(random, name, shape));
  const policyQ = critics.map((critic) => critic.value(seen, fresh.value));
  const storedQ = critics.map((critic) => critic.value(seen, fed.action));
  const logTemperature = settings.temperature === null ? variable("temperature/log", [], 0) : null;
  const temperature = logTemperature?.exp() ?? constant(settings.temperature ?? 0);

  const parts = { critics, seen, nextSeen, fresh, next, policyQ, temperature, random, shape };
  const bootstrap = settings.bootstrap === "valueNetwork" ? bootstrapFromValue(parts) : bootstrapFromCritics(parts);
  const target = fed.reward.add(fed.discount.mul(bootstrap.nextValue));
  const { logProbability } = fresh;
  const losses = sacLosses({ storedQ, target, policyQ, logProbability, temperature, weight: fed.weight });
  const { criticLoss, policyLoss, entropy, errors } = losses;
  const excessEntropy = stopGradient(entropy).sub(settings.targetEntropy ?? -box.size);

  const minimised: [Tensor, readonly Variable[]][] = [
    [criticLoss, critics.flatMap(({ parameters }) => parameters)],
    [policyLoss, actor.parameters],
  ];
  if (bootstrap.valueLoss !== null) minimised.push([bootstrap.valueLoss, bootstrap.learned]);
  if (logTemperature !== null) minimised.push([logTemperature.mul(excessEntropy), [logTemperature]]);
  const parameters = minimised.flatMap(([, learned]) => learned);
  const gradients = minimised.flatMap(([loss, learned]) => grad(loss, learned));
  const gradientNorm = globalNorm(gradients);
  const steps = adam(parameters, gradients, { learningRate: fed.learningRate, gradientNorm });
  const moves = targetUpdates(bootstrap.targets, bootstrap.followed, steps, fed.targetRate);
  startTargets(memory.store, bootstrap.followed, bootstrap.targets);
  return compile({
    inputs: fed,
    outputs: {
      criticLoss,
      valueLoss: bootstrap.valueLoss ?? constant(0),
      policyLoss,
      entropy,
      temperature,
      meanQ: storedQ[0].mean(),
      gradientNorm,
      errors,
    },
    updates: [...steps, ...moves],
    store: memory.store,
    backend,
  });
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * A SAC agent.
 *
 * @param options - `env`, or `transitions` in its place; `seed`, `backend` and {@link SacSettings}; tuned ones are in `sacPresets`.
 * @returns The agent, untrained; its environments are reset. Where it learns from `transitions` alone, its steps are
 *   updates.
 * @throws OptionError naming an option that is unknown or out of its range, a batch larger than the buffer, or `env` or
 *   `transitions` where actions are not numbers within finite bounds.
 */
export function sac<A extends Box>(options: SacOptions<A>): Agent<A, SacReport> {
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
export function resumeSac<A extends Box>(
  checkpoint: Uint8Array,
  env?: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, SacReport> {
  return resumedAgent(maker, checkpoint, env, backend);
}

class SacLearner<A extends Space> implements Learner<A, SacReport> {
  readonly policy: Policy<A>;
  readonly #settings: SacResolvedOptions;
  readonly #source: TransitionSource<A>;
  readonly #explorer: SquashedExplorer<A>;
  readonly #update: ReturnType<typeof compileUpdate>;
  readonly #streams: Readonly<Record<"exploration" | "updates", Random>>;
  readonly #noise: Readonly<Record<"noise" | "nextNoise", Float32Array>>;
  #count = 0;

  constructor({ source, settings, random, backend }: LearnerParts<A, SacResolvedOptions>) {
    const { memory, box, environmentId, observationSpace, actionSpace } = source;
    const shape = { ...settings, observationSize: observationSpace.size, box };
    const { stateDependentNoise, initialLogStandardDeviation, noiseResampleSteps } = settings;
    const actor = squashedActor(random, shape, stateDependentNoise ? initialLogStandardDeviation : null);
    const distribution = (observation: Tensor): Distribution => actor.distribution(memory.scaled(observation));
    this.policy = new Policy({ environmentId, algorithm: "sac", observationSpace, actionSpace, store: memory.store, distribution });
    this.#settings = settings;
    this.#source = source;
    this.#update = compileUpdate({ settings, memory, actor, shape, random, backend });
    this.#explorer = new SquashedExplorer(actor, memory, source.count, stateDependentNoise ? noiseResampleSteps : 1);
    this.#streams = { exploration: random.split("exploration"), updates: random.split("updates") };
    const length = settings.batchSize * box.size;
    this.#noise = { noise: new Float32Array(length), nextNoise: new Float32Array(length) };
  }

  /** One iteration: steps of the environments, and after each the updates that are due. */
  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const source = this.#source;
    const learningRate = scheduleValue(this.#settings.learningRate, progress);
    const means = new RunningMeans(watchedNames);
    const end = Math.min(this.#settings.stepsPerReport, remainingSteps);
    let taken = 0;
    for (; taken < end; taken += source.count) {
      // Phase 1: act in all environments, and store what happened.
      const due = source.step((environments) => this.#explorer.act(environments, this.#streams.exploration));
      // Phase 2: learn from batches of what is stored.
      for (let k = 0; k < due; k++) {
        await this.#learn(source.memory.sample(progress), learningRate, steps);
        means.add((name) => this.#update.scalar(name));
        if (pace.due) await pace.turn();
      }
      if (pace.due) await pace.turn();
    }
    source.memory.updateScaling();
    // Phase 3: report.
    const valueLoss = this.#settings.bootstrap === "valueNetwork" ? means.values().valueLoss : NaN;
    return { taken, report: { ...source.report, updates: this.#count, ...means.values(), valueLoss, learningRate } };
  }

  async #learn(batch: ReplayBatch<A>, learningRate: number, steps: number): Promise<void> {
    const { targetRate, targetInterval } = this.#settings;
    this.#streams.updates.fillStandardNormal(this.#noise.noise);
    this.#streams.updates.fillStandardNormal(this.#noise.nextNoise);
    this.#count++;
    const moved = this.#count % targetInterval === 0 ? targetRate : 0;
    await this.#update.execute({ ...transitionFeeds(batch), ...this.#noise, learningRate, targetRate: moved });
    if (!this.#update.updatesApplied) {
      throw divergenceError(`sac update ${this.#count}`, watchedNames, (name) => this.#update.scalar(name), steps);
    }
    this.#source.memory.setErrors(this.#update.view("errors"));
  }

  capture(): Snapshot {
    return this.#source.capture(this.#streams, { updates: this.#count, explorer: this.#explorer.capture() } satisfies OwnState);
  }

  restore(snapshot: Snapshot): void {
    const { updates, explorer } = this.#source.restore(snapshot, this.#streams) as OwnState;
    this.#count = updates;
    this.#explorer.restore(explorer);
  }

  close(): void {
    this.#source.close();
  }
}

const maker: AgentMaker<typeof sacOptions, SacReport> = offPolicyMaker("sac", sacOptions, (parts) => new SacLearner(parts));

type OwnState = { readonly updates: number; readonly explorer: ExplorerState };

const watchedNames = ["criticLoss", "valueLoss", "policyLoss", "entropy", "temperature", "meanQ", "gradientNorm"] as const;
