/**
 * Proximal Policy Optimisation: the clipped surrogate objective, several epochs over each rollout.
 *
 * Paper: Schulman, Wolski, Dhariwal, Radford and Klimov 2017, "Proximal Policy Optimization Algorithms",
 * algorithm 1 and equations 7 and 9.
 *
 * Details that matter in practice. [H] is Huang et al. 2022, "The 37 Implementation Details of Proximal Policy
 * Optimization"; [S] is Stable-Baselines3 2.9, whose defaults these are where not said otherwise.
 *
 *  1. N environments are stepped together, T steps a rollout; episodes run on across rollouts [H 1].
 *  2. Orthogonal initial weights, zero biases; gain √2 in hidden layers, 0.01 for the policy's output and 1 for the
 *     value's [H 2].
 *  3. Adam with ε = 1e-5 [H 3].
 *  4. Learning rate and clip range may fall over the budget [H 4].
 *  5. Generalised advantage estimation; value targets are advantage + old value [H 5].
 *  6. Minibatches partition a fresh shuffle of the whole rollout in every epoch [H 6].
 *  7. Advantages are normalised within each minibatch, by the sample's standard deviation + 1e-8 [H 7].
 *  8. The loss is −surrogate − c₂ entropy + c₁ value loss, one Adam step for all [H 8, 10].
 *  9. Values may be clipped around the old ones; off by default [H 9].
 * 10. Gradients are clipped by their global norm over policy and value [H 11].
 * 11. KL(old‖new) is estimated by E[(ρ − 1) − log ρ], and above 1.5 times a target ends the update [H 12]. The minibatch
 *     that shows it has been applied by then; [S] stops just before.
 * 12. Policy and value are separate networks [H 13].
 * 13. Continuous actions: a normal with a free log standard deviation that does not depend on the state; samples are
 *     stored as drawn, and clipped to the bounds for the environment alone [H continuous 1 to 5].
 * 14. Observations may be normalised and clipped, rewards scaled by the spread of the discounted return and clipped
 *     [H continuous 6 to 9]. Here the policy normalises: its statistics stand still from the first step of a rollout to
 *     the last update from it, so that ρ starts at 1 exactly.
 * 15. A truncated episode bootstraps from the value of its own last observation, a terminated one from 0 [S].
 * 16. Actions may be masked: those that are not allowed have probability 0 when acting and in the update alike, so that ρ is
 *     that of the masked policies. The mask is the end of the observation, which networks do not see (Huang and Ontañón
 *     2022, "A Closer Look at Invalid Action Masking in Policy Gradient Algorithms").
 * 17. Noise may depend on the state instead, drawn anew each rollout or every so many steps (gSDE; Raffin, Kober and Stulp
 *     2021, "Smooth Exploration for Robotic Reinforcement Learning"). The update sees the normal that it is at each state
 *     by itself, as in [S]; there the features get no gradient either.
 */
import { compile, grad, input, maximum } from "@uphill/autodiff";
import type { AnyBackend, Tensor } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import type { EnvironmentSource, Space } from "@uphill/envs";
import { gaeAdvantages } from "@uphill/estimators";
import { adam, clipByGlobalNorm, scheduleValue } from "@uphill/nn";
import {
  divergenceError, Minibatches, newAgent, normalized, requireWithinRollout, resumedAgent, RolloutCollector,
  rolloutMetrics, RunningMeans,
} from "@uphill/training";
import type {
  ActorCritic, Agent, AgentMaker, Iteration, Learner, Pace, Policy, Rollout, Snapshot,
} from "@uphill/training";
import { clippedSurrogatePerStep } from "@uphill/trust-region";
import { ppoOptions } from "./ppo-options.js";
import type { PpoOptions, PpoReport, PpoResolvedOptions } from "./ppo-options.js";

// Loss ---------------------------------------------------------------------------------------------------------------

/** One number a step, each float32 `["batch"]`, but for the scalar `clipRange`. */
export interface PpoLossInputs {
  /** log π(a | s) of the policy that learns. */
  readonly logProbability: Tensor;
  /** log π(a | s) of the policy that acted. */
  readonly oldLogProbability: Tensor;
  /** Â. */
  readonly advantage: Tensor;
  /** Entropy of the policy that learns. */
  readonly entropy: Tensor;
  /** V(s) of the value function that learns. */
  readonly value: Tensor;
  /** V(s) when the rollout was made. */
  readonly oldValue: Tensor;
  /** R, what the value function learns. */
  readonly valueTarget: Tensor;
  /** ε. */
  readonly clipRange: Tensor;
}

/**
 * PPO's loss and what one watches beside it, each a scalar:
 *
 *     L = −E[min(ρ Â, clip(ρ, 1 − ε, 1 + ε) Â)] − c₂ E[H] + c₁ E[(V − R)²],   ρ = π(a|s) / π_old(a|s)
 *
 * The min is the pessimistic choice of the two. Gradients flow through `logProbability`, `entropy` and `value`.
 * (Schulman et al. 2017, equations 7 and 9, as a loss to minimise.)
 *
 * @param inputs - One number a step; see {@link PpoLossInputs}.
 * @param settings - c₁, c₂, whether advantages are normalised, and the bound on values.
 * @returns Scalars: the loss, its parts, an estimate of KL(old‖new) in nats, and the part of the ratios beyond ε.
 * @throws ShapeError where inputs differ in shape.
 */
export function ppoLoss(
  inputs: PpoLossInputs,
  settings: Pick<PpoResolvedOptions, "normalizeAdvantages" | "valueClipRange" | "entropyWeight" | "valueWeight">,
) {
  const { logProbability, oldLogProbability, value, oldValue, valueTarget, clipRange } = inputs;
  const advantage = settings.normalizeAdvantages ? normalized(inputs.advantage) : inputs.advantage;
  const logRatio = logProbability.sub(oldLogProbability);
  const ratio = logRatio.exp();
  const policyLoss = clippedSurrogatePerStep(ratio, advantage, clipRange).mean().neg();

  const squaredError = value.sub(valueTarget).square();
  const near = settings.valueClipRange;
  const valueLoss =
    near === null
      ? squaredError.mean()
      : maximum(squaredError, oldValue.add(value.sub(oldValue).clip(-near, near)).sub(valueTarget).square()).mean();

  const entropy = inputs.entropy.mean();
  return {
    loss: policyLoss.sub(entropy.mul(settings.entropyWeight)).add(valueLoss.mul(settings.valueWeight)),
    policyLoss,
    valueLoss,
    entropy,
    klNats: ratio.sub(1).sub(logRatio).mean(),
    clipFraction: ratio.sub(1).abs().greater(clipRange).toFloat().mean(),
  };
}

// Update ------------------------------------------------------------------------------------------------------------

/** The update with its gradients and Adam, as one program. */
function compileUpdate(settings: PpoResolvedOptions, model: ActorCritic) {
  const { policy, policyParameters, valueParameters, value, backend } = model;
  const parameters = [...policyParameters, ...valueParameters];
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const action = input("action", ["batch", ...distribution.eventShape], distribution.dtype);
  const fed = {
    advantage: input("advantage", ["batch"]),
    valueTarget: input("valueTarget", ["batch"]),
    oldLogProbability: input("oldLogProbability", ["batch"]),
    oldValue: input("oldValue", ["batch"]),
    clipRange: input("clipRange", []),
  };
  const learningRate = input("learningRate", []);
  const learned = {
    logProbability: distribution.logProbability(action),
    entropy: distribution.entropy(),
    value: value(observation),
  };
  const { loss, ...watched } = ppoLoss({ ...fed, ...learned }, settings);
  const clipped = clipByGlobalNorm(grad(loss, parameters), settings.maxGradientNorm);
  return compile({
    inputs: { observation, action, learningRate, ...fed },
    outputs: { loss, ...watched, gradientNorm: clipped.norm },
    updates: adam(parameters, clipped.gradients, { learningRate, epsilon: 1e-5, gradientNorm: clipped.norm }),
    store: policy.store,
    backend,
  });
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * A PPO agent.
 *
 * @param options - `env`, `seed`, `backend` and {@link PpoSettings}; tuned ones are in `ppoPresets`.
 * @returns The agent, untrained; its environments are reset.
 * @throws OptionError naming an option that is unknown or out of its range, or a minibatch larger than the rollout.
 */
export function ppo<A extends Space>(options: PpoOptions<A>): Agent<A, PpoReport> {
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
export function resumePpo<A extends Space>(
  checkpoint: Uint8Array,
  env: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, PpoReport> {
  return resumedAgent(maker, checkpoint, env, backend);
}

class PpoLearner<A extends Space> implements Learner<A, PpoReport> {
  readonly policy: Policy<A>;
  readonly #settings: PpoResolvedOptions;
  readonly #collector: RolloutCollector<A>;
  readonly #update: ReturnType<typeof compileUpdate>;
  readonly #minibatches: Minibatches<A>;
  readonly #minibatchStream: Random;

  constructor(env: EnvironmentSource<A>, settings: PpoResolvedOptions, seed: number, backend: AnyBackend | undefined) {
    requireWithinRollout("minibatchSize", settings.minibatchSize, settings);
    const random = new Random(seed);
    this.#settings = settings;
    this.#collector = new RolloutCollector({ env, algorithm: "ppo", settings, random, backend });
    this.policy = this.#collector.model.policy;
    this.#update = compileUpdate(settings, this.#collector.model);
    this.#minibatches = new Minibatches(this.#collector.environments.vector, settings.minibatchSize);
    this.#minibatchStream = random.split("minibatches");
  }

  /** One iteration, in the phases of the paper's algorithm 1. */
  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const { environments, rolloutSteps, gamma, lambda } = this.#settings;
    // Phase 1: run π_old in N environments for T steps, with values of what came after the last step.
    const rollout = await this.#collector.collect(Math.min(rolloutSteps, Math.ceil(remainingSteps / environments)), pace);
    // Phase 2: advantages and value targets.
    gaeAdvantages({ ...rollout, gamma, lambda, out: rollout.advantages });
    for (let i = 0; i < rollout.returns.length; i++) rollout.returns[i] = rollout.advantages[i] + rollout.values[i];
    // Phase 3: epochs of minibatches.
    const learningRate = scheduleValue(this.#settings.learningRate, progress);
    const clipRange = scheduleValue(this.#settings.clipRange, progress);
    const means = await this.#learn(rollout, { learningRate, clipRange, steps, pace });
    this.#collector.updateScaling(rollout);
    // Phase 4: report.
    const report = {
      ...this.#collector.environments.report,
      ...means,
      ...rolloutMetrics(rollout),
      learningRate,
    };
    return { taken: rollout.steps * rollout.environments, report };
  }

  async #learn(rollout: Rollout<A>, { learningRate, clipRange, steps, pace }: UpdateSettings) {
    const { epochs, klTarget } = this.#settings;
    const update = this.#update;
    const read = (name: WatchedName): number => update.scalar(name);
    const means = new RunningMeans(watchedNames);
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const minibatch of this.#minibatches.epoch(rollout, this.#minibatchStream)) {
        await update.execute({
          observation: minibatch.observations,
          action: minibatch.actions,
          advantage: minibatch.advantages,
          valueTarget: minibatch.returns,
          oldLogProbability: minibatch.logProbabilities,
          oldValue: minibatch.values,
          learningRate,
          clipRange,
        });
        if (!update.updatesApplied) throw divergenceError("ppo", watchedNames, read, steps);
        means.add(read);
        if (klTarget !== null && read("klNats") > 1.5 * klTarget) return means.values();
        if (pace.due) await pace.turn();
      }
    }
    return means.values();
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

const maker: AgentMaker<typeof ppoOptions, PpoReport> = {
  algorithm: "ppo",
  options: ppoOptions,
  learner: (env, settings, seed, backend) => new PpoLearner(env, settings, seed, backend),
};

interface UpdateSettings {
  readonly learningRate: number;
  readonly clipRange: number;
  /** Environment steps before the iteration, for errors. */
  readonly steps: number;
  readonly pace: Pace;
}

const watchedNames = ["policyLoss", "valueLoss", "entropy", "klNats", "clipFraction", "gradientNorm"] as const;
type WatchedName = (typeof watchedNames)[number];
