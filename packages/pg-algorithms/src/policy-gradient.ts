/**
 * Policy gradient with a learned baseline, which is often called the vanilla policy gradient: what lies between REINFORCE
 * and PPO, a refinement at a time.
 *
 * Paper: Sutton, McAllester, Singh and Mansour 2000, "Policy Gradient Methods for Reinforcement Learning with Function
 * Approximation", theorem 1; generalised advantages of Schulman, Moritz, Levine, Jordan and Abbeel 2016,
 * "High-Dimensional Continuous Control Using Generalized Advantage Estimation", equation 16.
 *
 * Details that matter in practice.
 *
 *  1. Episode by episode (`wholeEpisodes`, one environment): an iteration plays an episode, and takes one step of the
 *     policy along all of it. With N environments it plays one in each; steps after an environment's first end count in
 *     the budget and are left out. Otherwise an iteration is T steps of N environments, episodes running on across.
 *  2. The baseline is V(s), a network of its own. It is fitted after the policy's steps, so that no episode is judged by
 *     a baseline that has seen it.
 *  3. λ = 1 credits an action with all that followed it in its episode, less V(s): no bias of V's but where an episode
 *     was cut. λ = 0 credits it with r + γ V(s′) − V(s): all of V's bias, the least variance. In between,
 *     generalised advantages. Value targets are advantage + old value, which are the λ-returns.
 *  4. Where an episode is truncated, or runs on after the last step, V of what came next stands for the rest; where it
 *     terminated, 0 does.
 *  5. Minibatches are parts of a fresh shuffle of all steps in every epoch; those of the policy and those of the value
 *     function have sizes and numbers of epochs of their own.
 *  6. One pass of the policy over its data keeps to the theorem as long as it takes one step. More steps go along a
 *     gradient that is one at the old policy only, and nothing holds them back: PPO's clipping is the cure, and `klNats`
 *     shows the need.
 *  7. Advantages may be normalised within each minibatch of the policy, by the sample's standard deviation + 1e-8.
 *  8. The gradient is a mean over steps, without γᵗ; Adam with ε = 1e-5 for policy and value apart.
 *  9. Policy and value are separate networks, 64 × 64 with tanh, orthogonal initial weights; gain 0.01 for the policy's
 *     output and 1 for the value's.
 * 10. Continuous actions: a normal with a free log standard deviation; samples are stored as drawn, and clipped to the
 *     bounds for the environment alone.
 */
import { compile, grad, input } from "@uphill/autodiff";
import type { AnyBackend } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import type { EnvironmentSource, Space } from "@uphill/envs";
import { gaeAdvantages } from "@uphill/estimators";
import { adam, globalNorm, scheduleValue } from "@uphill/nn";
import {
  divergenceError, firstEpisodes, markedSteps, Minibatches, newAgent, normalized, policyGradientLoss,
  requireWithinRollout, resumedAgent, RolloutCollector, rolloutMetrics, RunningMeans, ValueFit,
} from "@uphill/training";
import type {
  ActorCritic, Agent, AgentMaker, Iteration, Learner, Pace, Policy, Rollout, Snapshot,
} from "@uphill/training";
import { RecordedPolicy } from "./internal/recorded-policy.js";
import { policyGradientOptions } from "./policy-gradient-options.js";
import type {
  PolicyGradientOptions, PolicyGradientReport, PolicyGradientResolvedOptions,
} from "./policy-gradient-options.js";

// Update --------------------------------------------------------------------------------------------------------------

/** A step of the policy, as one program. */
function compileUpdate(settings: PolicyGradientResolvedOptions, { policy, policyParameters, backend }: ActorCritic) {
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const action = input("action", ["batch", ...distribution.eventShape], distribution.dtype);
  const advantage = input("advantage", ["batch"]);
  const learningRate = input("learningRate", []);
  const logProbability = distribution.logProbability(action);
  const policyLoss = policyGradientLoss({
    logProbability,
    advantage: settings.normalizeAdvantages ? normalized(advantage) : advantage,
  });
  const gradients = grad(policyLoss, policyParameters);
  const gradientNorm = globalNorm(gradients);
  return compile({
    inputs: { observation, action, advantage, learningRate },
    outputs: {
      policyLoss,
      entropy: distribution.entropy().mean(),
      gradientNorm,
    },
    updates: adam(policyParameters, gradients, { name: "policyAdam", learningRate, epsilon: 1e-5, gradientNorm }),
    store: policy.store,
    backend,
  });
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * An agent of the policy gradient with a learned baseline.
 *
 * @param options - `env`, `seed`, `backend` and {@link PolicyGradientSettings}; tuned ones are in `policyGradientPresets`.
 * @returns The agent, untrained; its environments are reset.
 * @throws OptionError naming an option that is unknown or out of its range, or a minibatch larger than the rollout.
 */
export function policyGradient<A extends Space>(options: PolicyGradientOptions<A>): Agent<A, PolicyGradientReport> {
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
export function resumePolicyGradient<A extends Space>(
  checkpoint: Uint8Array,
  env: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, PolicyGradientReport> {
  return resumedAgent(maker, checkpoint, env, backend);
}

class PolicyGradientLearner<A extends Space> implements Learner<A, PolicyGradientReport> {
  readonly policy: Policy<A>;
  readonly #settings: PolicyGradientResolvedOptions;
  readonly #collector: RolloutCollector<A>;
  readonly #update: ReturnType<typeof compileUpdate>;
  readonly #recorded: RecordedPolicy;
  readonly #minibatches: Minibatches<A>;
  readonly #valueFit: ValueFit<A>;
  readonly #minibatchStream: Random;

  constructor(env: EnvironmentSource<A>, settings: PolicyGradientResolvedOptions, seed: number, backend: AnyBackend | undefined) {
    const { environments: count, rolloutSteps, minibatchSize, valueMinibatchSize } = settings;
    requireWithinRollout("minibatchSize", minibatchSize ?? 1, settings);
    requireWithinRollout("valueMinibatchSize", valueMinibatchSize, settings);
    const random = new Random(seed);
    this.#settings = settings;
    this.#collector = new RolloutCollector({ env, algorithm: "policy-gradient", settings, random, backend });
    const { model, environments } = this.#collector;
    this.policy = model.policy;
    this.#update = compileUpdate(settings, model);
    this.#recorded = new RecordedPolicy(model);
    this.#minibatches = new Minibatches(environments.vector, minibatchSize ?? count * rolloutSteps);
    this.#valueFit = new ValueFit("policy-gradient", model, environments.vector, valueMinibatchSize);
    this.#minibatchStream = random.split("minibatches");
  }

  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const { environments, rolloutSteps, wholeEpisodes } = this.#settings;
    const budget = Math.ceil(remainingSteps / environments);
    // Phase 1: play, and value what came after the last step.
    const rollout = wholeEpisodes
      ? await this.#collector.collectEpisodes(budget, pace)
      : await this.#collector.collect(Math.min(rolloutSteps, budget), pace);
    // Phase 2: advantages and value targets, of the episodes that ended where whole ones are asked for.
    this.#estimate(rollout);
    const learnable = wholeEpisodes ? markedSteps(rollout, firstEpisodes(rollout)) : rollout;
    // Phase 3: epochs of the policy, then epochs of the value function.
    const learningRate = scheduleValue(this.#settings.learningRate, progress);
    const learned =
      learnable.steps === 0
        ? nothingLearned
        : {
            ...(await this.#improve(learnable, { learningRate, steps, pace })),
            valueLoss: await this.#fit(learnable, { progress, steps, pace }),
            ...rolloutMetrics(learnable),
          };
    this.#collector.updateScaling(rollout);
    // Phase 4: report.
    const report = { ...this.#collector.environments.report, ...learned, learningRate };
    return { taken: rollout.steps * rollout.environments, report };
  }

  #estimate(rollout: Rollout<A>): void {
    const { gamma, lambda } = this.#settings;
    const { values, advantages, returns } = rollout;
    gaeAdvantages({ ...rollout, gamma, lambda, out: advantages });
    for (let i = 0; i < returns.length; i++) returns[i] = advantages[i] + values[i];
  }

  async #improve(rollout: Rollout<A>, { learningRate, steps, pace }: UpdateSettings) {
    const update = this.#update;
    const read = (name: WatchedName): number => update.scalar(name);
    const means = new RunningMeans(watchedNames);
    this.#recorded.record(rollout.observations);
    for (let epoch = 0; epoch < this.#settings.policyEpochs; epoch++) {
      for (const minibatch of this.#minibatches.epoch(rollout, this.#minibatchStream)) {
        await update.execute({
          observation: minibatch.observations,
          action: minibatch.actions,
          advantage: minibatch.advantages,
          learningRate,
        });
        if (!update.updatesApplied) throw divergenceError("policy-gradient", watchedNames, read, steps);
        means.add(read);
        if (pace.due) await pace.turn();
      }
    }
    return { ...means.values(), klNats: this.#recorded.klNats(rollout.observations) };
  }

  async #fit(rollout: Rollout<A>, { progress, steps, pace }: Pick<Iteration, "progress" | "steps" | "pace">) {
    const { valueEpochs: epochs, valueLearningRate } = this.#settings;
    const learningRate = scheduleValue(valueLearningRate, progress);
    return this.#valueFit.fit(rollout, { epochs, learningRate, stream: this.#minibatchStream, steps, pace });
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

interface UpdateSettings {
  readonly learningRate: number;
  /** Environment steps before the iteration, for errors. */
  readonly steps: number;
  readonly pace: Pace;
}

const watchedNames = ["policyLoss", "entropy", "gradientNorm"] as const;
type WatchedName = (typeof watchedNames)[number];

/** What an iteration reports that a budget cut before any episode ended. */
const nothingLearned = {
  policyLoss: NaN,
  valueLoss: NaN,
  entropy: NaN,
  klNats: NaN,
  gradientNorm: NaN,
  explainedVariance: NaN,
  advantageDeviation: NaN,
};

const maker: AgentMaker<typeof policyGradientOptions, PolicyGradientReport> = {
  algorithm: "policy-gradient",
  options: policyGradientOptions,
  learner: (env, settings, seed, backend) => new PolicyGradientLearner(env, settings, seed, backend),
};
