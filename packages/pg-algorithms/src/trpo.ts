/**
 * Trust Region Policy Optimisation: the largest improvement of a surrogate that the divergence from the old policy allows.
 *
 * Paper: Schulman, Levine, Moritz, Jordan and Abbeel 2015, "Trust Region Policy Optimization", equation 14 and
 * appendix C; advantages as in Schulman et al. 2016, "High-Dimensional Continuous Control Using Generalized Advantage
 * Estimation".
 *
 * Details that matter in practice. [S] is the TRPO of Stable-Baselines3's contrib 2.9, whose defaults these are.
 *
 *  1. N environments are stepped together, T steps a rollout; episodes run on across rollouts [S]. With
 *     `restartEpisodes` each rollout is N paths of T steps from new starts, as the paper has them.
 *  2. The divergence is KL(old‖new), exact in each state and a mean over the rollout's states; the paper's equation 12.
 *  3. Policy gradient, Fisher products and line search use the whole rollout. The paper thins the states of the Fisher
 *     products to a tenth; this does not.
 *  4. Products with F are a derivative along the direction, then a gradient, of the divergence: the exact Fisher matrix
 *     of the policy's distributions, rather than an average of sampled scores (appendix C). The forward pass runs once.
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
 * 13. A single path may credit actions with Q̂, the discounted rewards that followed and V of where it was cut, as the paper
 *     does: more variance, less bias.
 * 14. A vine restores M states of each environment, evenly spaced along the path, and plays a branch of L steps for each of
 *     K actions: all of a discrete space, or as many drawn from π_old, weighted by π/π_old and normalised within the
 *     state. The branches of a state share their random numbers, the environment's and the policy's: what differs is the
 *     action. V of where a branch is cut stands for the rest; the paper plays on.
 * 15. Branches count as steps. Where the budget has no room for all of them, only the value function learns. The divergence
 *     and its Hessian are means over all of the path's states, in either case.
 */
import { compile, concat, grad, input } from "@uphill/autodiff";
import type { AnyBackend, NumericArray, Tensor } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import type { Distribution } from "@uphill/distributions";
import type { EnvironmentSource, Space } from "@uphill/envs";
import { gaeAdvantages } from "@uphill/estimators";
import { globalNorm, scheduleValue } from "@uphill/nn";
import {
  divergenceError, newAgent, normalized, requireWithinRollout, resumedAgent, RolloutCollector, rolloutMetrics,
  ValueFit,
} from "@uphill/training";
import type {
  ActorCritic, Agent, AgentMaker, Iteration, Learner, Pace, Policy, Rollout, Snapshot,
} from "@uphill/training";
import { klLineSearch } from "@uphill/trust-region";
import { FlatParameters } from "./internal/flat-parameters.js";
import { NaturalStep } from "./internal/natural-step.js";
import { copiedOutputs, oldPolicy } from "./internal/old-policy.js";
import { Vine } from "./internal/vine.js";
import type { VineRollout, VineSamples } from "./internal/vine.js";
import { trpoOptions } from "./trpo-options.js";
import type { TrpoOptions, TrpoReport, TrpoResolvedOptions } from "./trpo-options.js";
import { vineSurrogate } from "./vine-surrogate.js";

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
function compilePrograms(
  settings: TrpoResolvedOptions,
  { policy, policyParameters, backend }: ActorCritic,
  flat: FlatParameters,
  vineActions: number | null,
) {
  const { store } = policy;
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const old = oldPolicy(distribution);
  const { inputs, surrogate, klNats } =
    vineActions === null
      ? alongPath(settings, distribution, old.distribution)
      : inBranches(policy, vineActions, old.distribution.kl(distribution).mean());
  const gradients = grad(surrogate, policyParameters);
  const outputs: Readonly<Record<string, Tensor>> = {
    ...distribution.parameters,
    surrogate,
    gradient: flat.joined(gradients),
    gradientNorm: globalNorm(gradients),
    entropy: distribution.entropy().mean(),
  };
  const differentiate = compile({ inputs: { observation, ...inputs }, outputs, store, backend });
  const measure = compile({ inputs: { observation, ...inputs, ...old.inputs }, outputs: { surrogate, klNats }, store });
  return { differentiate, measure, distributionNames: Object.keys(old.inputs) };
}

/** The objective of a path, and what it is fed. */
function alongPath(settings: TrpoResolvedOptions, distribution: Distribution, oldDistribution: Distribution) {
  const action = input("action", ["batch", ...distribution.eventShape], distribution.dtype);
  const advantage = input("advantage", ["batch"]);
  const oldLogProbability = input("oldLogProbability", ["batch"]);
  const credited = settings.normalizeAdvantages ? normalized(advantage) : advantage;
  const objective = trpoObjective({ distribution, oldDistribution, action, oldLogProbability, advantage: credited });
  const inputs: Readonly<Record<string, Tensor>> = { action, advantage, oldLogProbability };
  return { inputs, ...objective };
}

/** The objective of a vine, and what it is fed. */
function inBranches(policy: Policy, width: number, klNats: Tensor) {
  const forkObservation = input("forkObservation", ["state", policy.observationSpace.size]);
  const distribution = policy.distribution(forkObservation);
  const { eventShape, dtype } = distribution;
  const forkAction = input("forkAction", ["state", width, ...eventShape], dtype);
  const columns = Array.from({ length: width }, (_, k) => {
    const action = forkAction.slice(1, k, k + 1).reshape(["state", ...eventShape]);
    return distribution.logProbability(action).reshape(["state", 1]);
  });
  const logProposal = input("logProposal", ["state", width]);
  const actionValue = input("actionValue", ["state", width]);
  const surrogate = vineSurrogate({ logProbability: concat(columns, 1), logProposal, actionValue });
  const inputs: Readonly<Record<string, Tensor>> = { forkObservation, forkAction, logProposal, actionValue };
  return { inputs, surrogate, klNats };
}

/** Values for the objective's inputs, by name: of a path `action`, `advantage` and `oldLogProbability`, a row a state. */
export type ObjectiveFeeds = Readonly<Record<string, NumericArray>>;

const watchedNames = ["surrogate", "gradientNorm", "entropy"] as const;
type WatchedName = (typeof watchedNames)[number];

/**
 * TRPO's step of a policy, by itself: the largest part of
 *
 *     Δθ = √(2δ / gᵀx) x,   (F + c I) x = g = ∇L
 *
 * that the line search finds within E_s[KL(π_old ‖ π)] ≤ δ and better than before. (Schulman et al. 2015, appendix C.)
 */
export class TrustRegionStep {
  readonly #settings: TrpoResolvedOptions;
  readonly #parameters: FlatParameters;
  readonly #programs: ReturnType<typeof compilePrograms>;
  readonly #naturalStep: NaturalStep;

  /**
   * @param settings - TRPO's options, all of them present.
   * @param model - The policy, whose store the step changes.
   * @param vineActions - K of a vine; null for a single path.
   */
  constructor(settings: TrpoResolvedOptions, model: ActorCritic, vineActions: number | null) {
    this.#settings = settings;
    this.#parameters = new FlatParameters(model.policy.store, model.policyParameters);
    this.#programs = compilePrograms(settings, model, this.#parameters, vineActions);
    this.#naturalStep = new NaturalStep(model);
  }

  /**
   * Takes the step along the natural gradient, as much of it as the line search allows.
   *
   * @param observations - `[rows, observation size]`: the states that the divergence is a mean over.
   * @param objectiveFeeds - What the surrogate is a mean over.
   * @param steps - Environment steps before, for errors.
   * @returns −L after the step; entropy before it, nats; its divergence, nats; the part that was taken, 0 where the
   *   policy stays; and ‖g‖.
   * @throws NumericalError where surrogate, gradient or entropy is not finite; the policy stays.
   */
  async take(observations: Float32Array, objectiveFeeds: ObjectiveFeeds, steps: number) {
    const { klRadius, lineSearchShrink: shrink, lineSearchTrials: maxTrials } = this.#settings;
    const { differentiate, measure, distributionNames } = this.#programs;
    const feeds = { observation: observations, ...objectiveFeeds };
    await differentiate.execute(feeds);
    const read = (name: WatchedName): number => differentiate.scalar(name);
    const before = { surrogate: read("surrogate"), gradientNorm: read("gradientNorm"), entropy: read("entropy") };
    if (!Object.values(before).every(Number.isFinite)) throw divergenceError("trpo", watchedNames, read, steps);
    const { gradient, ...old } = copiedOutputs(differentiate, ["gradient", ...distributionNames]);
    const step = await this.#naturalStep.solve(observations, gradient, this.#settings);

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
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * A TRPO agent.
 *
 * @param options - `env`, `seed`, `backend` and {@link TrpoSettings}; tuned ones are in `trpoPresets`.
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
 * @param backend - What runs the updates; WebAssembly by default.
 * @returns The agent, at the end of the iteration that the checkpoint was taken after.
 * @throws FormatError where the bytes are damaged, of another algorithm, or of an environment of another name.
 */
export function resumeTrpo<A extends Space>(
  checkpoint: Uint8Array,
  env: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, TrpoReport> {
  return resumedAgent(maker, checkpoint, env, backend);
}

class TrpoLearner<A extends Space> implements Learner<A, TrpoReport> {
  readonly policy: Policy<A>;
  readonly #settings: TrpoResolvedOptions;
  readonly #collector: RolloutCollector<A>;
  readonly #step: TrustRegionStep;
  readonly #valueFit: ValueFit<A>;
  readonly #vine: Vine<A> | null;
  readonly #streams: Readonly<Record<"minibatchStream" | "vineStream", Random>>;

  constructor(env: EnvironmentSource<A>, settings: TrpoResolvedOptions, seed: number, backend: AnyBackend | undefined) {
    requireWithinRollout("valueMinibatchSize", settings.valueMinibatchSize, settings);
    const random = new Random(seed);
    this.#settings = settings;
    this.#collector = new RolloutCollector({ env, algorithm: "trpo", settings, random, backend });
    const { model, environments } = this.#collector;
    this.policy = model.policy;
    this.#streams = { minibatchStream: random.split("minibatches"), vineStream: random.split("vine") };
    this.#vine = settings.sampling === "vine" ? new Vine(this.#collector, settings, this.#streams.vineStream) : null;
    this.#step = new TrustRegionStep(settings, model, this.#vine?.actions ?? null);
    this.#valueFit = new ValueFit("trpo", model, environments.vector, settings.valueMinibatchSize);
  }

  /** One iteration, in the phases of the paper's section 6. */
  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const { environments, gamma, lambda, valueEpochs: epochs } = this.#settings;
    // Phase 1: run π_old in N environments, on one path or with branches, with values of what came after the last step.
    if (this.#settings.restartEpisodes) this.#collector.environments.restart();
    const { rollout, samples, taken } = await this.#sample(Math.ceil(remainingSteps / environments), pace);
    // Phase 2: advantages and value targets.
    gaeAdvantages({ ...rollout, gamma, lambda, out: rollout.advantages });
    for (let i = 0; i < rollout.returns.length; i++) rollout.returns[i] = rollout.advantages[i] + rollout.values[i];
    // Phase 3: a step of the policy within the trust region.
    const feeds = samples === null ? this.#pathFeeds(rollout) : branchFeeds(samples);
    const policyReport = feeds === null ? this.#stay(rollout) : await this.#step.take(rollout.observations, feeds, steps);
    if (pace.due) await pace.turn();
    // Phase 4: the value function, on the same rollout.
    const learningRate = scheduleValue(this.#settings.valueLearningRate, progress);
    const stream = this.#streams.minibatchStream;
    const valueLoss = await this.#valueFit.fit(rollout, { epochs, learningRate, stream, steps, pace });
    this.#collector.updateScaling(rollout);
    // Phase 5: report.
    const episodes = this.#collector.environments.report;
    return { taken, report: { ...episodes, ...policyReport, valueLoss, ...rolloutMetrics(rollout), learningRate } };
  }

  async #sample(steps: number, pace: Pace): Promise<VineRollout<A>> {
    if (this.#vine !== null) return this.#vine.grow(steps, pace);
    const rollout = await this.#collector.collect(Math.min(this.#settings.rolloutSteps, steps), pace);
    return { rollout, samples: null, taken: rollout.steps * rollout.environments };
  }

  /** What a single path feeds to the objective; nothing, where a vine had no room for its branches. */
  #pathFeeds(rollout: Rollout<A>): ObjectiveFeeds | null {
    if (this.#vine !== null) return null;
    const credits = rollout.advantages.slice();
    if (this.#settings.credit === "return") {
      gaeAdvantages({ ...rollout, gamma: this.#settings.gamma, lambda: 1, out: credits });
      for (let i = 0; i < credits.length; i++) credits[i] += rollout.values[i];
    }
    return { action: rollout.actions, advantage: credits, oldLogProbability: rollout.logProbabilities };
  }

  #stay({ observations }: Rollout<A>) {
    const entropy = this.#vine?.entropy(observations) ?? 0;
    return { policyLoss: 0, entropy, klNats: 0, stepFraction: 0, gradientNorm: 0 };
  }

  capture(): Snapshot {
    return this.#collector.capture(this.#streams);
  }

  restore(snapshot: Snapshot): void {
    this.#collector.restore(snapshot, this.#streams);
  }

  close(): void {
    this.#vine?.close();
    this.#collector.environments.close();
  }
}

function branchFeeds({ observations, actions, ...rest }: VineSamples): ObjectiveFeeds {
  return { forkObservation: observations, forkAction: actions, logProposal: rest.logProposals, actionValue: rest.actionValues };
}

const maker: AgentMaker<typeof trpoOptions, TrpoReport> = {
  algorithm: "trpo",
  options: trpoOptions,
  learner: (env, settings, seed, backend) => new TrpoLearner(env, settings, seed, backend),
};
