/**
 * Trust Region Policy Optimisation: the largest improvement of a surrogate that the divergence from the old policy allows.
 *
 * Paper: Schulman, Levine, Moritz, Jordan and Abbeel 2015, "Trust Region Policy Optimization", equation 14 and
 * appendix C, with single-path sampling; advantages as in Schulman et al. 2016, "High-Dimensional Continuous Control
 * Using Generalized Advantage Estimation".
 *
 * Details that matter in practice. [S] is the TRPO of Stable-Baselines3's contrib 2.9, whose defaults these are.
 *
 *  1. N environments are stepped together, T steps a rollout; episodes run on across rollouts, where the paper starts
 *     each path anew [S].
 *  2. The divergence is KL(old‖new), exact in each state and a mean over the rollout's states; the paper's equation 12.
 *  3. Policy gradient, Fisher products and line search use the whole rollout. The paper thins the states of the Fisher
 *     products to a tenth; this does not.
 *  4. Products with F are a derivative along the direction, then a gradient, of the divergence: the exact Fisher matrix
 *     of the policy's distributions, rather than an average of sampled scores (appendix C).
 *  5. Conjugate gradients run 15 steps on F + 0.1 I, in float64; the step to the radius counts the damping, so that its
 *     divergence is below δ to second order [S].
 *  6. The line search shrinks by 0.8 at most 10 times, until the divergence is within δ and the surrogate is better than
 *     before. Where no step is, the policy stays [S].
 *  7. Advantages are normalised over the rollout, by the sample's standard deviation + 1e-8 [S].
 *  8. Policy and value are separate networks, 64 × 64 with tanh, orthogonal initial weights; gain 0.01 for the policy's
 *     output and 1 for the value's [S].
 *  9. The value function is fitted after the policy's step, by Adam over shuffled minibatches, 10 passes; its targets are
 *     advantage + old value [S].
 * 10. Continuous actions: a normal with a free log standard deviation; samples are stored as drawn, and clipped to the
 *     bounds for the environment alone [S].
 * 11. Observations may be normalised, rewards scaled; the statistics stand still from the first step of a rollout to the
 *     last update from it.
 * 12. A truncated episode bootstraps from the value of its own last observation, a terminated one from 0.
 */
import { compile, grad, input } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import type { Distribution } from "@uphill/distributions";
import type { EnvironmentSource, Space } from "@uphill/envs";
import { gaeAdvantages } from "@uphill/estimators";
import { globalNorm, scheduleValue } from "@uphill/nn";
import {
  divergenceError, newAgent, normalized, requireWithinRollout, resumedAgent, RolloutCollector, rolloutMetrics,
  ValueFit,
} from "@uphill/training";
import type { ActorCritic, Agent, AgentMaker, Iteration, Learner, Policy, Rollout, Snapshot } from "@uphill/training";
import { klLineSearch } from "@uphill/trust-region";
import { FlatParameters } from "./internal/flat-parameters.js";
import { NaturalStep } from "./internal/natural-step.js";
import { copiedOutputs, oldPolicy } from "./internal/old-policy.js";
import { trpoOptions } from "./trpo-options.js";
import type { TrpoOptions, TrpoReport, TrpoResolvedOptions } from "./trpo-options.js";

// Objective -----------------------------------------------------------------------------------------------------------

/** What {@link trpoObjective} takes. */
export interface TrpoObjectiveInputs {
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
}

/**
 * TRPO's surrogate, to be maximised, and the divergence that bounds it, each a scalar:
 *
 *     L = E[ρ Â],   ρ = π(a|s) / π_old(a|s),   KL = E_s[KL(π_old(· | s) ‖ π(· | s))]
 *
 * Gradients flow to the parameters of both distributions. (Schulman et al. 2015, equation 14.)
 *
 * @param inputs - See {@link TrpoObjectiveInputs}.
 * @returns `surrogate` L, and `klNats`.
 * @throws ShapeError where inputs differ in shape; OptionError where the distributions are of different families.
 */
export function trpoObjective({ distribution, oldDistribution, action, oldLogProbability, advantage }: TrpoObjectiveInputs) {
  const ratio = distribution.logProbability(action).sub(oldLogProbability).exp();
  return { surrogate: ratio.mul(advantage).mean(), klNats: oldDistribution.kl(distribution).mean() };
}

// Update --------------------------------------------------------------------------------------------------------------

/** The policy's two programs: the gradient at the old policy, and what a step that is tried leads to. */
function compilePrograms(settings: TrpoResolvedOptions, { policy, policyParameters }: ActorCritic, flat: FlatParameters) {
  const { store } = policy;
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const action = input("action", ["batch", ...distribution.eventShape], distribution.dtype);
  const advantage = input("advantage", ["batch"]);
  const oldLogProbability = input("oldLogProbability", ["batch"]);
  const inputs = { observation, action, advantage, oldLogProbability };

  const old = oldPolicy(distribution);
  const { surrogate, klNats } = trpoObjective({
    distribution,
    oldDistribution: old.distribution,
    action,
    oldLogProbability,
    advantage: settings.normalizeAdvantages ? normalized(advantage) : advantage,
  });
  const gradients = grad(surrogate, policyParameters);
  const outputs: Readonly<Record<string, Tensor>> = {
    ...distribution.parameters,
    surrogate,
    gradient: flat.joined(gradients),
    gradientNorm: globalNorm(gradients),
    entropy: distribution.entropy().mean(),
  };
  const differentiate = compile({ inputs, outputs, store });
  const measure = compile({ inputs: { ...inputs, ...old.inputs }, outputs: { surrogate, klNats }, store });
  return { differentiate, measure, distributionNames: Object.keys(old.inputs) };
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * A TRPO agent.
 *
 * @param options - `env`, `seed` and {@link TrpoSettings}; tuned ones are in `trpoPresets`.
 * @returns The agent, untrained; its environments are reset.
 * @throws OptionError naming an option that is unknown or out of its range, or a minibatch larger than the rollout.
 */
export function trpo<A extends Space>(options: TrpoOptions<A>): Agent<A, TrpoReport> {
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
export function resumeTrpo<A extends Space>(checkpoint: Uint8Array, env: EnvironmentSource<A>): Agent<A, TrpoReport> {
  return resumedAgent(maker, checkpoint, env);
}

class TrpoLearner<A extends Space> implements Learner<A, TrpoReport> {
  readonly policy: Policy<A>;
  readonly #settings: TrpoResolvedOptions;
  readonly #collector: RolloutCollector<A>;
  readonly #parameters: FlatParameters;
  readonly #programs: ReturnType<typeof compilePrograms>;
  readonly #naturalStep: NaturalStep;
  readonly #valueFit: ValueFit<A>;
  readonly #minibatchStream: Random;

  constructor(env: EnvironmentSource<A>, settings: TrpoResolvedOptions, seed: number) {
    requireWithinRollout("valueMinibatchSize", settings.valueMinibatchSize, settings);
    const random = new Random(seed);
    this.#settings = settings;
    this.#collector = new RolloutCollector({ env, algorithm: "trpo", settings, random });
    const { model, environments } = this.#collector;
    this.policy = model.policy;
    this.#parameters = new FlatParameters(model.policy.store, model.policyParameters);
    this.#programs = compilePrograms(settings, model, this.#parameters);
    this.#naturalStep = new NaturalStep(model);
    this.#valueFit = new ValueFit("trpo", model, environments.vector, settings.valueMinibatchSize);
    this.#minibatchStream = random.split("minibatches");
  }

  /** One iteration, in the phases of the paper's section 6. */
  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const { environments, rolloutSteps, gamma, lambda, valueEpochs: epochs } = this.#settings;
    // Phase 1: run π_old in N environments for T steps, with values of what came after the last step.
    const rollout = await this.#collector.collect(Math.min(rolloutSteps, Math.ceil(remainingSteps / environments)), pace);
    // Phase 2: advantages and value targets.
    gaeAdvantages({ ...rollout, gamma, lambda, out: rollout.advantages });
    for (let i = 0; i < rollout.returns.length; i++) rollout.returns[i] = rollout.advantages[i] + rollout.values[i];
    // Phase 3: a step of the policy within the trust region.
    const policyReport = this.#improve(rollout, steps);
    if (pace.due) await pace.turn();
    // Phase 4: the value function, on the same rollout.
    const learningRate = scheduleValue(this.#settings.valueLearningRate, progress);
    const stream = this.#minibatchStream;
    const valueLoss = await this.#valueFit.fit(rollout, { epochs, learningRate, stream, steps, pace });
    this.#collector.updateScaling(rollout);
    // Phase 5: report.
    const report = {
      ...this.#collector.environments.report,
      ...policyReport,
      valueLoss,
      ...rolloutMetrics(rollout),
      learningRate,
    };
    return { taken: rollout.steps * rollout.environments, report };
  }

  /** The step along the natural gradient, as much of it as the line search allows. */
  #improve(rollout: Rollout<A>, steps: number) {
    const { klRadius, lineSearchShrink: shrink, lineSearchTrials: maxTrials } = this.#settings;
    const { differentiate, measure, distributionNames } = this.#programs;
    const feeds = {
      observation: rollout.observations,
      action: rollout.actions,
      advantage: rollout.advantages,
      oldLogProbability: rollout.logProbabilities,
    };
    differentiate.execute(feeds);
    const read = (name: "surrogate" | "gradientNorm" | "entropy"): number => differentiate.scalar(name);
    const before = { surrogate: read("surrogate"), gradientNorm: read("gradientNorm"), entropy: read("entropy") };
    if (!Object.values(before).every(Number.isFinite)) {
      throw divergenceError("trpo", ["surrogate", "gradientNorm", "entropy"], read, steps);
    }
    const { gradient, ...old } = copiedOutputs(differentiate, ["gradient", ...distributionNames]);
    const step = this.#naturalStep.solve(rollout.observations, gradient, this.#settings);

    const start = this.#parameters.read();
    const reached = klLineSearch(
      (fraction) => {
        this.#parameters.write(start.map((parameter, i) => parameter + fraction * step[i]));
        measure.execute({ ...feeds, ...old });
        return { surrogate: measure.scalar("surrogate"), klNats: measure.scalar("klNats") };
      },
      { surrogate: before.surrogate, maxKlNats: klRadius, shrink, maxTrials },
    );
    if (!reached.accepted) this.#parameters.write(start);
    return {
      policyLoss: -reached.surrogate,
      entropy: before.entropy,
      klNats: reached.klNats,
      stepFraction: reached.fraction,
      gradientNorm: before.gradientNorm,
    };
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

const maker: AgentMaker<typeof trpoOptions, TrpoReport> = {
  algorithm: "trpo",
  options: trpoOptions,
  learner: (env, settings, seed) => new TrpoLearner(env, settings, seed),
};
