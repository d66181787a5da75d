/**
 * KL-penalised policy optimisation: several epochs on a surrogate that pays for leaving the old policy, at a price that
 * adapts until updates have the divergence that is wanted.
 *
 * Paper: Schulman, Wolski, Dhariwal, Radford and Klimov 2017, "Proximal Policy Optimization Algorithms", section 4 and
 * equation 8.
 *
 * Details that matter in practice.
 *
 *  1. N environments are stepped together, T steps a rollout; episodes run on across rollouts.
 *  2. The penalty is KL(old‖new), exact in each state from the two distributions, where an average of log ratios would
 *     be noisy and could be negative. The old distribution's parameters are recorded once a rollout.
 *  3. Nothing is clipped: a ratio far from 1 pays by its state's divergence alone.
 *  4. After the last epoch the divergence is measured over the whole rollout. β halves where it is below the target over
 *     1.5 and doubles where it is above 1.5 times the target, for the next rollout; one rollout of too long a step is
 *     possible, and rights itself.
 *  5. β stays between 2⁻²⁰ and 2²⁰: where all advantages are alike it would otherwise go to 0.
 *  6. Advantages are generalised ones, normalised within each minibatch by the sample's standard deviation + 1e-8, so
 *     that one β serves rewards of any scale.
 *  7. The loss is −surrogate − c₂ entropy + c₁ value loss, one Adam step for all, with ε = 1e-5; gradients are clipped by
 *     their global norm over policy and value. Minibatches partition a fresh shuffle of the rollout in every epoch.
 *  8. Policy and value are separate networks, 64 × 64 with tanh, orthogonal initial weights; gain 0.01 for the policy's
 *     output and 1 for the value's.
 *  9. Continuous actions: a normal with a free log standard deviation; samples are stored as drawn, and clipped to the
 *     bounds for the environment alone.
 * 10. A truncated episode bootstraps from the value of its own last observation, a terminated one from 0.
 */
import { compile, grad, input, variable } from "@uphill/autodiff";
import type { AnyBackend, Tensor } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import type { Distribution } from "@uphill/distributions";
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
import { adaptedKlMultiplier, klPenalizedSurrogatePerStep } from "@uphill/trust-region";
import { RecordedPolicy } from "./internal/recorded-policy.js";
import { klPenaltyOptions, multiplierLimits } from "./kl-penalty-options.js";
import type { KlPenaltyOptions, KlPenaltyReport, KlPenaltyResolvedOptions } from "./kl-penalty-options.js";

// Loss ----------------------------------------------------------------------------------------------------------------

/** What {@link klPenaltyLoss} takes: a distribution or a number a step, but for the scalar `klMultiplier`. */
export interface KlPenaltyLossInputs {
  /** The policy that learns, in each state. */
  readonly distribution: Distribution;
  /** The policy that acted, in the same states. */
  readonly oldDistribution: Distribution;
  /** What was done: `["batch", …]`. */
  readonly action: Tensor;
  /** log π_old(a | s), float32 `["batch"]`. */
  readonly oldLogProbability: Tensor;
  /** Â, float32 `["batch"]`. */
  readonly advantage: Tensor;
  /** V(s) of the value function that learns, float32 `["batch"]`. */
  readonly value: Tensor;
  /** R, what the value function learns, float32 `["batch"]`. */
  readonly valueTarget: Tensor;
  /** β ≥ 0, a scalar. */
  readonly klMultiplier: Tensor;
}

/**
 * The loss, and what one watches beside it, each a scalar:
 *
 *     L = −E[ρ Â − β KL(π_old(· | s) ‖ π(· | s))] − c₂ E[H] + c₁ E[(V − R)²],   ρ = π(a|s) / π_old(a|s)
 *
 * Gradients flow to the parameters of both distributions, `value` and β. (Schulman et al. 2017, equations 8 and 9, as a
 * loss to minimise.)
 *
 * @param inputs - See {@link KlPenaltyLossInputs}.
 * @param settings - c₁, c₂, and whether advantages are normalised.
 * @returns Scalars: the loss and its parts.
 * @throws ShapeError where inputs differ in shape; OptionError where the distributions are of different families.
 */
export function klPenaltyLoss(
  inputs: KlPenaltyLossInputs,
  settings: Pick<KlPenaltyResolvedOptions, "normalizeAdvantages" | "entropyWeight" | "valueWeight">,
) {
  const { distribution, oldDistribution, action, oldLogProbability, value, valueTarget, klMultiplier } = inputs;
  const advantage = settings.normalizeAdvantages ? normalized(inputs.advantage) : inputs.advantage;
  const ratio = distribution.logProbability(action).sub(oldLogProbability).exp();
  const klNats = oldDistribution.kl(distribution);
  const policyLoss = klPenalizedSurrogatePerStep(ratio, advantage, klNats, klMultiplier).mean().neg();
  const valueLoss = value.sub(valueTarget).square().mean();
  const entropy = distribution.entropy().mean();
  return {
    loss: policyLoss.sub(entropy.mul(settings.entropyWeight)).add(valueLoss.mul(settings.valueWeight)),
    policyLoss,
    valueLoss,
    entropy,
  };
}

// Update --------------------------------------------------------------------------------------------------------------

/** The update with its gradients and Adam, as one program; β is a variable, so that checkpoints have it. */
function compileUpdate(
  settings: KlPenaltyResolvedOptions,
  { policy, policyParameters, valueParameters, value, backend }: ActorCritic,
  { old }: RecordedPolicy,
) {
  const parameters = [...policyParameters, ...valueParameters];
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const fed = {
    action: input("action", ["batch", ...distribution.eventShape], distribution.dtype),
    oldLogProbability: input("oldLogProbability", ["batch"]),
    advantage: input("advantage", ["batch"]),
    valueTarget: input("valueTarget", ["batch"]),
  };
  const learningRate = input("learningRate", []);
  const klMultiplier = variable("klMultiplier", [], settings.klMultiplier);
  const learned = { distribution, oldDistribution: old.distribution, value: value(observation), klMultiplier };
  const { loss, ...watched } = klPenaltyLoss({ ...fed, ...learned }, settings);
  const clipped = clipByGlobalNorm(grad(loss, parameters), settings.maxGradientNorm);
  const program = compile({
    inputs: { observation, learningRate, ...fed, ...old.inputs },
    outputs: { loss, ...watched, gradientNorm: clipped.norm },
    updates: adam(parameters, clipped.gradients, { learningRate, epsilon: 1e-5, gradientNorm: clipped.norm }),
    store: policy.store,
    backend,
  });
  return { program, klMultiplier };
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * A KL-penalised agent.
 *
 * @param options - `env`, `seed`, `backend` and {@link KlPenaltySettings}; tuned ones are in `klPenaltyPresets`.
 * @returns The agent, untrained; its environments are reset.
 * @throws OptionError naming an option that is unknown or out of its range, or a minibatch larger than the rollout.
 */
export function klPenalty<A extends Space>(options: KlPenaltyOptions<A>): Agent<A, KlPenaltyReport> {
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
export function resumeKlPenalty<A extends Space>(
  checkpoint: Uint8Array,
  env: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, KlPenaltyReport> {
  return resumedAgent(maker, checkpoint, env, backend);
}

class KlPenaltyLearner<A extends Space> implements Learner<A, KlPenaltyReport> {
  readonly policy: Policy<A>;
  readonly #settings: KlPenaltyResolvedOptions;
  readonly #collector: RolloutCollector<A>;
  readonly #recorded: RecordedPolicy;
  readonly #update: ReturnType<typeof compileUpdate>;
  readonly #minibatches: Minibatches<A>;
  readonly #minibatchStream: Random;

  constructor(env: EnvironmentSource<A>, settings: KlPenaltyResolvedOptions, seed: number, backend: AnyBackend | undefined) {
    requireWithinRollout("minibatchSize", settings.minibatchSize, settings);
    const random = new Random(seed);
    this.#settings = settings;
    this.#collector = new RolloutCollector({ env, algorithm: "kl-penalty", settings, random, backend });
    const { model, environments } = this.#collector;
    this.policy = model.policy;
    this.#recorded = new RecordedPolicy(model);
    this.#update = compileUpdate(settings, model, this.#recorded);
    this.#minibatches = new Minibatches(environments.vector, settings.minibatchSize);
    this.#minibatchStream = random.split("minibatches");
  }

  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const { environments, rolloutSteps, gamma, lambda } = this.#settings;
    // Phase 1: run π_old in N environments for T steps, with values of what came after the last step.
    const rollout = await this.#collector.collect(Math.min(rolloutSteps, Math.ceil(remainingSteps / environments)), pace);
    this.#recorded.record(rollout.observations);
    // Phase 2: advantages and value targets.
    gaeAdvantages({ ...rollout, gamma, lambda, out: rollout.advantages });
    for (let i = 0; i < rollout.returns.length; i++) rollout.returns[i] = rollout.advantages[i] + rollout.values[i];
    // Phase 3: epochs of minibatches.
    const learningRate = scheduleValue(this.#settings.learningRate, progress);
    const means = await this.#learn(rollout, learningRate, steps, pace);
    // Phase 4: how far that led, and the price of the next.
    const divergence = this.#adapt(rollout, steps);
    this.#collector.updateScaling(rollout);
    // Phase 5: report.
    const report = {
      ...this.#collector.environments.report,
      ...means,
      ...divergence,
      ...rolloutMetrics(rollout),
      learningRate,
    };
    return { taken: rollout.steps * rollout.environments, report };
  }

  async #learn(rollout: Rollout<A>, learningRate: number, steps: number, pace: Pace) {
    const { program } = this.#update;
    const read = (name: WatchedName): number => program.scalar(name);
    const means = new RunningMeans(watchedNames);
    for (let epoch = 0; epoch < this.#settings.epochs; epoch++) {
      for (const minibatch of this.#minibatches.epoch(rollout, this.#minibatchStream)) {
        await program.execute({
          observation: minibatch.observations,
          action: minibatch.actions,
          oldLogProbability: minibatch.logProbabilities,
          advantage: minibatch.advantages,
          valueTarget: minibatch.returns,
          learningRate,
          ...this.#recorded.rows(minibatch.indices),
        });
        if (!program.updatesApplied) throw divergenceError("kl-penalty", watchedNames, read, steps);
        means.add(read);
        if (pace.due) await pace.turn();
      }
    }
    return means.values();
  }

  /** The update's divergence and β, and β ← 2β, β or β/2 for the next. */
  #adapt({ observations }: Rollout<A>, steps: number) {
    const { store } = this.policy;
    const held = this.#update.klMultiplier;
    const klNats = this.#recorded.klNats(observations);
    if (!Number.isFinite(klNats)) throw divergenceError("kl-penalty", ["klNats"], () => klNats, steps);
    const [klMultiplier] = store.read(held);
    const next = adaptedKlMultiplier({ multiplier: klMultiplier, klNats, targetNats: this.#settings.klTarget });
    store.write(held, [Math.min(Math.max(next, multiplierLimits.least), multiplierLimits.most)]);
    return { klNats, klMultiplier };
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

const watchedNames = ["policyLoss", "valueLoss", "entropy", "gradientNorm"] as const;
type WatchedName = (typeof watchedNames)[number];

const maker: AgentMaker<typeof klPenaltyOptions, KlPenaltyReport> = {
  algorithm: "kl-penalty",
  options: klPenaltyOptions,
  learner: (env, settings, seed, backend) => new KlPenaltyLearner(env, settings, seed, backend),
};
