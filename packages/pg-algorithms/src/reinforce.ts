/**
 * REINFORCE: the policy gradient, estimated from the returns of whole episodes.
 *
 * Paper: Williams 1992, "Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement Learning",
 * section 5; rewards-to-go and baselines as in Sutton, McAllester, Singh and Mansour 2000, "Policy Gradient Methods for
 * Reinforcement Learning with Function Approximation".
 *
 * Details that matter in practice.
 *
 *  1. Each iteration begins an episode in each of N environments, and plays until all have ended. Steps after an
 *     environment's first end count in the budget, and are left out: taking in a second episode where there was time
 *     for one would favour short episodes.
 *  2. The return of a truncated episode ends with it; nothing is bootstrapped.
 *  3. An action is credited with the rewards after it, or with all of its episode's: the same mean, more variance.
 *  4. A baseline is taken off: none; the mean return; the mean weighted by the squared norms of the steps' scores, which
 *     is the constant of least variance but for what steps of one episode have in common; the mean at each time over the
 *     N episodes, where those that have ended count as 0; or V(s), fitted to rewards-to-go by Adam on E[(V − G)²] after
 *     the policy's step.
 *  5. What is left may be normalised over the iteration's steps, by the sample's standard deviation + 1e-8.
 *  6. γ discounts rewards. The exact gradient of the discounted return weighs step t by γᵗ too; practice leaves that
 *     out, and it is an option.
 *  7. The gradient is a mean over steps, not a sum over each episode's; Adam, with ε = 1e-5, hardly sees the difference.
 *  8. One step of the policy an iteration, or several on the same data: then each step of an episode weighs
 *     w = π(a|s)/π_old(a|s), without the ratios of the steps before it, so states stay those of the policy that acted;
 *     self-normalised, w over its mean.
 *  9. Policy and value are separate networks, 64 × 64 with tanh, orthogonal initial weights; gain 0.01 for the policy's
 *     output and 1 for the value's.
 * 10. Continuous actions: a normal with a free log standard deviation; samples are stored as drawn, and clipped to the
 *     bounds for the environment alone.
 * 11. Policy and value may see a window of the last observations, the oldest first; an episode begins with its first
 *     observation in every place. The policy's observation space says so, by its shape.
 */
import { compile, grad, input, stopGradient } from "@uphill/autodiff";
import type { AnyBackend, Tensor } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import type { EnvironmentSource, Space } from "@uphill/envs";
import {
  constantBaseline, discountedReturns, discountPerStep, episodeReturnPerStep, optimalBaseline, timeBaseline,
} from "@uphill/estimators";
import { adam, globalNorm, scheduleValue } from "@uphill/nn";
import {
  divergenceError, firstEpisodes, markedSteps, newAgent, normalized, policyGradientLoss, resumedAgent,
  RolloutCollector, rolloutMetrics, ValueFit,
} from "@uphill/training";
import type {
  ActorCritic, Agent, AgentMaker, Iteration, Learner, Pace, Policy, Rollout, Snapshot,
} from "@uphill/training";
import { RecordedPolicy } from "./internal/recorded-policy.js";
import { ScoreNorms } from "./internal/score-norms.js";
import { reinforceOptions } from "./reinforce-options.js";
import type { ReinforceOptions, ReinforceReport, ReinforceResolvedOptions } from "./reinforce-options.js";

// Loss ---------------------------------------------------------------------------------------------------------------

/** One number a step, each float32 `["batch"]`. */
export interface ReinforceLossInputs {
  /** log π(a | s) of the policy that learns. */
  readonly logProbability: Tensor;
  /** log π(a | s) of the policy that acted: the same at the first step on its data. */
  readonly oldLogProbability: Tensor;
  /** Â: a return less a baseline. */
  readonly advantage: Tensor;
  /** What the step weighs for its place in the episode: γᵗ, or 1. */
  readonly weight: Tensor;
}

/**
 * REINFORCE's loss, whose gradient is minus the estimate of the policy gradient:
 *
 *     L = −E[w γᵗ Â log π(a | s)],   w = ρ = π(a|s)/π_old(a|s),  or ρ / E[ρ],  or 1
 *
 * Gradients flow through `logProbability` alone, and not through w. (Williams 1992, section 5; data reuse as in Jie and Abbeel
 * 2010, each step with its own ratio alone.)
 *
 * @param inputs - One number a step; see {@link ReinforceLossInputs}.
 * @param settings - Whether advantages are normalised, and how data of another policy weigh.
 * @returns Scalars: L, and the effective part of the sample, E[ρ]² / E[ρ²].
 * @throws ShapeError where inputs differ in shape.
 */
export function reinforceLoss(
  inputs: ReinforceLossInputs,
  { normalizeAdvantages, importanceWeights }: Pick<ReinforceResolvedOptions, "normalizeAdvantages" | "importanceWeights">,
) {
  const { logProbability, oldLogProbability, weight } = inputs;
  const ratio = stopGradient(logProbability.sub(oldLogProbability).exp());
  const advantage = (normalizeAdvantages ? normalized(inputs.advantage) : inputs.advantage).mul(weight);
  const weighted = { plain: ratio, selfNormalized: ratio.div(ratio.mean()), none: 1 }[importanceWeights ?? "none"];
  return {
    policyLoss: policyGradientLoss({ logProbability, advantage: advantage.mul(weighted) }),
    effectiveSampleFraction: ratio.mean().square().div(ratio.square().mean()),
  };
}

// Update --------------------------------------------------------------------------------------------------------------

/** The policy's step, as one program. */
function compileUpdate(settings: ReinforceResolvedOptions, { policy, policyParameters, backend }: ActorCritic) {
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const action = input("action", ["batch", ...distribution.eventShape], distribution.dtype);
  const fed = {
    advantage: input("advantage", ["batch"]),
    weight: input("weight", ["batch"]),
    oldLogProbability: input("oldLogProbability", ["batch"]),
  };
  const learningRate = input("learningRate", []);
  const outputs = reinforceLoss({ ...fed, logProbability: distribution.logProbability(action) }, settings);
  const gradients = grad(outputs.policyLoss, policyParameters);
  const gradientNorm = globalNorm(gradients);
  return compile({
    inputs: { observation, action, learningRate, ...fed },
    outputs: { ...outputs, entropy: distribution.entropy().mean(), gradientNorm },
    updates: adam(policyParameters, gradients, { name: "policyAdam", learningRate, epsilon: 1e-5, gradientNorm }),
    store: policy.store,
    backend,
  });
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * A REINFORCE agent.
 *
 * @param options - `env`, `seed`, `backend` and {@link ReinforceSettings}; tuned ones are in `reinforcePresets`.
 * @returns The agent, untrained; its environments are reset.
 * @throws OptionError naming an option that is unknown or out of its range.
 */
export function reinforce<A extends Space>(options: ReinforceOptions<A>): Agent<A, ReinforceReport> {
  return newAgent(maker, options);
}

/**
 * The agent that {@link Agent.checkpoint} stored; it goes on to the same bits as one that never stopped.
 *
 * @param checkpoint - The file's bytes.
 * @param env - The environment that it was trained on.
 * @param backend - What runs the updates; WebAssembly by default.
 * @returns The agent, at the end of the iteration that the checkpoint was taken after.
 * @throws FormatError where the bytes are damaged, of another algorithm, or of an environment of another name.
 */
export function resumeReinforce<A extends Space>(
  checkpoint: Uint8Array,
  env: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, ReinforceReport> {
  return resumedAgent(maker, checkpoint, env, backend);
}

class ReinforceLearner<A extends Space> implements Learner<A, ReinforceReport> {
  readonly policy: Policy<A>;
  readonly #settings: ReinforceResolvedOptions;
  readonly #collector: RolloutCollector<A>;
  readonly #update: ReturnType<typeof compileUpdate>;
  readonly #recorded: RecordedPolicy;
  readonly #scoreNorms: ScoreNorms<A>;
  readonly #valueFit: ValueFit<A>;
  readonly #minibatchStream: Random;

  constructor(env: EnvironmentSource<A>, settings: ReinforceResolvedOptions, seed: number, backend: AnyBackend | undefined) {
    const random = new Random(seed);
    this.#settings = settings;
    this.#collector = new RolloutCollector({ env, algorithm: "reinforce", settings, window: settings.window, random, backend });
    const { model, environments } = this.#collector;
    this.policy = model.policy;
    this.#update = compileUpdate(settings, model);
    this.#recorded = new RecordedPolicy(model);
    this.#scoreNorms = new ScoreNorms(model);
    this.#valueFit = new ValueFit("reinforce", model, environments.vector, settings.valueMinibatchSize);
    this.#minibatchStream = random.split("minibatches");
  }

  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    // Phase 1: play an episode in each environment.
    const rollout = await this.#collector.collectEpisodes(Math.ceil(remainingSteps / this.#settings.environments), pace);
    // Phase 2: returns less a baseline, of the episodes that ended.
    const marks = firstEpisodes(rollout);
    const weights = await this.#estimate(rollout, marks, pace);
    const episodes = markedSteps(rollout, marks);
    // Phase 3: the policy's step, or steps, then the value function.
    const learningRate = scheduleValue(this.#settings.learningRate, progress);
    const learned =
      episodes.steps === 0
        ? nothingLearned
        : {
            ...(await this.#improve(episodes, marked(weights, marks), { learningRate, steps, pace })),
            ...(await this.#fit(episodes, { progress, steps, pace })),
          };
    this.#collector.updateScaling(rollout);
    // Phase 4: report.
    const report = { ...this.#collector.environments.report, ...learned, learningRate };
    return { taken: rollout.steps * rollout.environments, report };
  }

  /** Writes advantages, and rewards-to-go as returns; gives the weight of each step, `[T, N]`. */
  async #estimate(rollout: Rollout<A>, marks: Uint8Array, pace: Pace): Promise<Float64Array> {
    const { gamma, rewardToGo, discountedStates } = this.#settings;
    const { rewards, advantages, returns } = rollout;
    for (let i = 0; i < rewards.length; i++) rewards[i] *= marks[i];
    discountedReturns({ ...rollout, gamma, out: returns });
    const credited = rewardToGo ? returns : episodeReturnPerStep({ ...rollout, gamma });
    const weights = discountedStates ? discountPerStep({ ...rollout, gamma }) : new Float64Array(rewards.length).fill(1);
    if (!marks.includes(1)) return weights;
    const baseline = await this.#baseline(rollout, { credited, marks, weights, pace });
    for (let i = 0; i < advantages.length; i++) advantages[i] = credited[i] - baseline[i];
    return weights;
  }

  /** What is taken off what each step is credited with, `[T, N]`. */
  async #baseline(rollout: Rollout<A>, { credited, marks, weights, pace }: Credit): Promise<Float64Array> {
    const constant = (value: number): Float64Array => new Float64Array(credited.length).fill(value);
    switch (this.#settings.baseline) {
      case null:
        return constant(0);
      case "constant":
        return constant(constantBaseline(marked(credited, marks)));
      case "gradientNorm": {
        const norms = await this.#scoreNorms.perStep(rollout, marks, pace);
        const scores = marked(norms.map((norm, i) => weights[i] * norm), marks);
        // No score where the policy has become certain of all actions: then nothing is learned from any baseline.
        return constant(scores.some((score) => score > 0) ? optimalBaseline({ scores, returns: marked(credited, marks) }) : 0);
      }
      case "time": {
        const byTime = timeBaseline({ returns: credited, environments: rollout.environments });
        return credited.map((_, i) => byTime[Math.floor(i / rollout.environments)]);
      }
      case "value":
        return rollout.values;
    }
  }

  async #improve(episodes: Rollout<A>, weight: Float64Array, { learningRate, steps, pace }: UpdateSettings) {
    const { observations: observation, actions: action, advantages: advantage, logProbabilities } = episodes;
    const update = this.#update;
    const read = (name: WatchedName): number => update.scalar(name);
    let first: Record<"policyLoss" | "entropy" | "gradientNorm", number> | undefined;
    this.#recorded.record(observation);
    for (let step = 0; step < this.#settings.policySteps; step++) {
      await update.execute({ observation, action, advantage, weight, oldLogProbability: logProbabilities, learningRate });
      if (!update.updatesApplied) throw divergenceError("reinforce", watchedNames, read, steps);
      first ??= { policyLoss: read("policyLoss"), entropy: read("entropy"), gradientNorm: read("gradientNorm") };
      if (pace.due) await pace.turn();
    }
    const klNats = this.#recorded.klNats(observation);
    return { ...first!, klNats, effectiveSampleFraction: read("effectiveSampleFraction") };
  }

  /** The value function on the episodes' rewards-to-go, where it is the baseline. */
  async #fit(episodes: Rollout<A>, { progress, steps, pace }: Pick<Iteration, "progress" | "steps" | "pace">) {
    const { baseline, valueEpochs: epochs, valueLearningRate } = this.#settings;
    const metrics = rolloutMetrics(episodes);
    if (baseline !== "value") return { ...metrics, valueLoss: NaN, explainedVariance: NaN };
    const learningRate = scheduleValue(valueLearningRate, progress);
    const stream = this.#minibatchStream;
    const valueLoss = await this.#valueFit.fit(episodes, { epochs, learningRate, stream, steps, pace });
    return { ...metrics, valueLoss };
  }

  capture(): Snapshot {
    return this.#collector.capture({ minibatchStream: this.#minibatchStream });
  }

  restore(snapshot: Snapshot): void {
    this.#collector.restore(snapshot, { minibatchStream: this.#minibatchStream });
  }

  close(): void {
    this.#collector.environments.close();
  }
}

/** The steps that are marked, in their order. */
function marked(values: Float64Array, marks: Uint8Array): Float64Array {
  return values.filter((_, i) => marks[i] === 1);
}

interface Credit {
  readonly credited: Float64Array;
  readonly marks: Uint8Array;
  readonly weights: Float64Array;
  readonly pace: Pace;
}

interface UpdateSettings {
  readonly learningRate: number;
  /** Environment steps before the iteration, for errors. */
  readonly steps: number;
  readonly pace: Pace;
}

const watchedNames = ["policyLoss", "entropy", "gradientNorm", "effectiveSampleFraction"] as const;
type WatchedName = (typeof watchedNames)[number];

/** What an iteration reports that a budget cut before any episode ended. */
const nothingLearned = {
  policyLoss: NaN,
  valueLoss: NaN,
  entropy: NaN,
  klNats: NaN,
  gradientNorm: NaN,
  effectiveSampleFraction: NaN,
  explainedVariance: NaN,
  advantageDeviation: NaN,
};

const maker: AgentMaker<typeof reinforceOptions, ReinforceReport> = {
  algorithm: "reinforce",
  options: reinforceOptions,
  learner: (env, settings, seed, backend) => new ReinforceLearner(env, settings, seed, backend),
};
