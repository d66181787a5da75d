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
 *  4. A baseline is taken off: none; the mean return; the mean at each time over the N episodes, where those that have
 *     ended count as 0; or V(s), fitted to rewards-to-go by Adam on E[(V − G)²] after the policy's step.
 *  5. What is left may be normalised over the iteration's steps, by the sample's standard deviation + 1e-8.
 *  6. γ discounts rewards. The exact gradient of the discounted return weighs step t by γᵗ too; practice leaves that
 *     out, and it is an option.
 *  7. The gradient is a mean over steps, not a sum over each episode's; Adam, with ε = 1e-5, hardly sees the difference.
 *  8. One step of the policy an iteration: its data are of no use to the policy after it.
 *  9. Policy and value are separate networks, 64 × 64 with tanh, orthogonal initial weights; gain 0.01 for the policy's
 *     output and 1 for the value's.
 * 10. Continuous actions: a normal with a free log standard deviation; samples are stored as drawn, and clipped to the
 *     bounds for the environment alone.
 */
import { compile, grad, input } from "@uphill/autodiff";
import { OptionError, Random } from "@uphill/core-math";
import type { EnvironmentSource, Space } from "@uphill/envs";
import {
  constantBaseline, discountedReturns, discountPerStep, episodeReturnPerStep, timeBaseline,
} from "@uphill/estimators";
import { adam, globalNorm, scheduleValue } from "@uphill/nn";
import {
  divergenceError, firstEpisodes, markedSteps, newAgent, normalized, policyGradientLoss, resumedAgent,
  RolloutCollector, rolloutMetrics, ValueFit,
} from "@uphill/training";
import type {
  ActorCritic, Agent, AgentMaker, Iteration, Learner, Pace, Policy, Rollout, Snapshot,
} from "@uphill/training";
import { reinforceOptions } from "./reinforce-options.js";
import type { ReinforceOptions, ReinforceReport, ReinforceResolvedOptions } from "./reinforce-options.js";

// Update --------------------------------------------------------------------------------------------------------------

/** The policy's step, as one program. */
function compileUpdate(settings: ReinforceResolvedOptions, { policy, policyParameters }: ActorCritic) {
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const action = input("action", ["batch", ...distribution.eventShape], distribution.dtype);
  const advantage = input("advantage", ["batch"]);
  const weight = input("weight", ["batch"]);
  const learningRate = input("learningRate", []);
  const policyLoss = policyGradientLoss({
    logProbability: distribution.logProbability(action),
    advantage: (settings.normalizeAdvantages ? normalized(advantage) : advantage).mul(weight),
  });
  const gradients = grad(policyLoss, policyParameters);
  const gradientNorm = globalNorm(gradients);
  return compile({
    inputs: { observation, action, advantage, weight, learningRate },
    outputs: { policyLoss, entropy: distribution.entropy().mean(), gradientNorm },
    updates: adam(policyParameters, gradients, { name: "policyAdam", learningRate, epsilon: 1e-5, gradientNorm }),
    store: policy.store,
  });
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * A REINFORCE agent.
 *
 * @param options - `env`, `seed` and {@link ReinforceSettings}; tuned ones are in `reinforcePresets`.
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
 * @returns The agent, at the end of the iteration that the checkpoint was taken after.
 * @throws FormatError where the bytes are damaged, of another algorithm, or of an environment of another name.
 */
export function resumeReinforce<A extends Space>(
  checkpoint: Uint8Array,
  env: EnvironmentSource<A>,
): Agent<A, ReinforceReport> {
  return resumedAgent(maker, checkpoint, env);
}

class ReinforceLearner<A extends Space> implements Learner<A, ReinforceReport> {
  readonly policy: Policy<A>;
  readonly #settings: ReinforceResolvedOptions;
  readonly #collector: RolloutCollector<A>;
  readonly #update: ReturnType<typeof compileUpdate>;
  readonly #valueFit: ValueFit<A>;
  readonly #minibatchStream: Random;

  constructor(env: EnvironmentSource<A>, settings: ReinforceResolvedOptions, seed: number) {
    const random = new Random(seed);
    this.#settings = settings;
    this.#collector = new RolloutCollector({ env, algorithm: "reinforce", settings, random });
    const { model, environments } = this.#collector;
    this.policy = model.policy;
    this.#update = compileUpdate(settings, model);
    this.#valueFit = new ValueFit("reinforce", model, environments.vector, settings.valueMinibatchSize);
    this.#minibatchStream = random.split("minibatches");
  }

  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    // Phase 1: play an episode in each environment.
    const rollout = await this.#play(remainingSteps, pace);
    // Phase 2: returns less a baseline, of the episodes that ended.
    const marks = firstEpisodes(rollout);
    const weights = this.#estimate(rollout, marks);
    const episodes = markedSteps(rollout, marks);
    // Phase 3: one step of the policy, then the value function.
    const learningRate = scheduleValue(this.#settings.learningRate, progress);
    const learned =
      episodes.steps === 0
        ? nothingLearned
        : {
            ...this.#improve(episodes, weights.filter((_, i) => marks[i] === 1), learningRate, steps),
            ...(await this.#fit(episodes, { progress, steps, pace })),
          };
    this.#collector.updateScaling(rollout);
    // Phase 4: report.
    const report = { ...this.#collector.environments.report, ...learned, learningRate };
    return { taken: rollout.steps * rollout.environments, report };
  }

  async #play(remainingSteps: number, pace: Pace): Promise<Rollout<A>> {
    const { environments: count, rolloutSteps } = this.#settings;
    const { environments } = this.#collector;
    environments.restart();
    const ended = new Uint8Array(count);
    const allEnded = (): boolean => {
      const { terminated, truncated } = environments.vector;
      for (let n = 0; n < count; n++) ended[n] |= terminated[n] | truncated[n];
      return ended.every((mark) => mark === 1);
    };
    const most = Math.min(rolloutSteps, Math.ceil(remainingSteps / count));
    const rollout = await this.#collector.collect(most, pace, allEnded);
    if (rollout.steps < rolloutSteps || ended.includes(1)) return rollout;
    throw new OptionError(`rolloutSteps: expected episodes that end within ${rolloutSteps} steps, got none that does`);
  }

  /** Writes advantages, and rewards-to-go as returns; gives the weight of each step, `[T, N]`. */
  #estimate(rollout: Rollout<A>, marks: Uint8Array): Float64Array {
    const { gamma, rewardToGo, baseline, discountedStates } = this.#settings;
    const { environments, rewards, values, advantages, returns } = rollout;
    for (let i = 0; i < rewards.length; i++) rewards[i] *= marks[i];
    discountedReturns({ ...rollout, gamma, out: returns });
    const credited = rewardToGo ? returns : episodeReturnPerStep({ ...rollout, gamma });
    const constant = baseline === "constant" && marks.includes(1) ? constantBaseline(credited.filter((_, i) => marks[i] === 1)) : 0;
    const byTime = baseline === "time" ? timeBaseline({ returns: credited, environments }) : null;
    for (let i = 0; i < advantages.length; i++) {
      const base = baseline === "value" ? values[i] : (byTime?.[Math.floor(i / environments)] ?? constant);
      advantages[i] = credited[i] - base;
    }
    return discountedStates ? discountPerStep({ ...rollout, gamma }) : new Float64Array(rewards.length).fill(1);
  }

  #improve({ observations, actions, advantages }: Rollout<A>, weight: Float64Array, learningRate: number, steps: number) {
    const update = this.#update;
    update.execute({ observation: observations, action: actions, advantage: advantages, weight, learningRate });
    const read = (name: WatchedName): number => update.scalar(name);
    if (!update.updatesApplied) throw divergenceError("reinforce", watchedNames, read, steps);
    return { policyLoss: read("policyLoss"), entropy: read("entropy"), gradientNorm: read("gradientNorm") };
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

const watchedNames = ["policyLoss", "entropy", "gradientNorm"] as const;
type WatchedName = (typeof watchedNames)[number];

/** What an iteration reports that a budget cut before any episode ended. */
const nothingLearned = {
  policyLoss: NaN,
  valueLoss: NaN,
  entropy: NaN,
  gradientNorm: NaN,
  explainedVariance: NaN,
  advantageDeviation: NaN,
};

const maker: AgentMaker<typeof reinforceOptions, ReinforceReport> = {
  algorithm: "reinforce",
  options: reinforceOptions,
  learner: (env, settings, seed) => new ReinforceLearner(env, settings, seed),
};
