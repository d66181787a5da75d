/**
 * Trust-region projection layers (TRPL): a Gaussian policy whose last layer takes it, in every state, to the nearest one
 * within a bound around the old policy, and is differentiated through; any optimiser and any number of epochs keep to it.
 *
 * Paper: Otto, Becker, Vien, Ziesche and Neumann 2021, "Differentiable Trust Region Layers for Deep Reinforcement
 * Learning", section 4; the entropy's bound from Akrour, Pajarinen, Neumann and Peters 2019, "Projections for Approximate
 * Policy Iteration Algorithms".
 *
 * Details that matter in practice. [O] is that paper and its published code.
 *
 *  1. N environments are stepped together, T steps a rollout; episodes run on across rollouts.
 *  2. What is learned is the projected policy π̃: the surrogate is E[ρ Â] with ρ = π̃/π_old, and nothing is clipped [O].
 *  3. Means are projected state by state, by their Mahalanobis distance from the old mean. The spread is a vector that
 *     does not depend on the state, so its projection is one for all states: cheap, and exact [O].
 *  4. The three projections differ in how they measure spreads; a bound of one says nothing of a bound of another. That of
 *     the KL projection, in nats, is of KL(new‖old).
 *  5. What acts in the next rollout, and is exported, is the network without the projection: otherwise every policy would
 *     need all those before it. So its means are regressed on the projected ones, α E[Σ ((μ − μ̃)/σ_old)²], in the same
 *     loss, gradients flowing to μ alone; and after the last epoch the spread is set to its projection [O].
 *  6. Hence the spread keeps to its bound exactly, and means as far as the regression goes: `regressionLoss` says how
 *     far that is, `klNats` where the update led.
 *  7. The entropy may be kept above β, by scaling the projected spread up; where the two bounds disagree, β counts. A β
 *     that falls over the budget keeps exploration from ending early.
 *  8. Advantages are generalised ones, normalised within each minibatch by the sample's standard deviation + 1e-8.
 *  9. One Adam step for policy and value, with ε = 1e-5; gradients are clipped by their global norm over both, where [O]
 *     fits the value function apart and does not clip.
 * 10. Policy and value are separate networks, 64 × 64 with tanh, orthogonal initial weights; gain 0.01 for the policy's
 *     output and 1 for the value's. Samples are stored as drawn, and clipped to the bounds for the environment alone.
 * 11. A truncated episode bootstraps from the value of its own last observation, a terminated one from 0.
 */
import { assign, compile, grad, input, stopGradient } from "@uphill/autodiff";
import type { AnyBackend, Tensor, Variable } from "@uphill/autodiff";
import { OptionError, Random } from "@uphill/core-math";
import { diagonalNormal } from "@uphill/distributions";
import type { DiagonalNormal } from "@uphill/distributions";
import type { Box, EnvironmentSource, Space } from "@uphill/envs";
import { gaeAdvantages } from "@uphill/estimators";
import { adam, clipByGlobalNorm, scheduleValue } from "@uphill/nn";
import {
  divergenceError, Minibatches, newAgent, normalized, requireWithinRollout, resumedAgent, RolloutCollector,
  rolloutMetrics, RunningMeans,
} from "@uphill/training";
import type {
  ActorCritic, Agent, AgentMaker, Iteration, Learner, Pace, Policy, Rollout, Snapshot,
} from "@uphill/training";
import {
  diagonalEntropyProjection, diagonalFrobeniusProjection, diagonalKlProjection, diagonalMeanProjection,
  diagonalWassersteinProjection,
} from "@uphill/trust-region";
import { RecordedPolicy } from "./internal/recorded-policy.js";
import { trplOptions } from "./trpl-options.js";
import type { TrplOptions, TrplReport, TrplResolvedOptions } from "./trpl-options.js";

// Projection ----------------------------------------------------------------------------------------------------------

/** By what a spread's distance is measured. */
const spreadProjections = {
  kl: diagonalKlProjection,
  frobenius: diagonalFrobeniusProjection,
  wasserstein: diagonalWassersteinProjection,
} as const;

/**
 * π̃: in each state the nearest normal distribution within the bounds around the old one.
 *
 *     Σ ((μ̃ − μ_old)/σ_old)² ≤ ε_μ,   d(σ̃, σ_old) ≤ ε_Σ,   H(π̃) ≥ β
 *
 * Gradients flow to the parameters of both distributions. (Otto et al. 2021, section 4.)
 *
 * @param distribution - What the network says: means `["batch", n]`, a spread of that shape or `[n]`.
 * @param oldDistribution - The policy that acted, in the same states.
 * @param leastEntropy - β, a scalar in nats; null for no bound.
 * @param settings - The projection, ε_μ and ε_Σ.
 * @returns π̃.
 * @throws ShapeError or OptionError where the two do not fit.
 */
export function projectedPolicy(
  distribution: DiagonalNormal,
  oldDistribution: DiagonalNormal,
  leastEntropy: Tensor | null,
  settings: Pick<TrplResolvedOptions, "projection" | "meanBound" | "covarianceBound">,
): DiagonalNormal {
  const { mean, logStandardDeviation } = distribution.parameters;
  const oldStandardDeviation = oldDistribution.parameters.logStandardDeviation.exp();
  const within = spreadProjections[settings.projection]({
    standardDeviation: logStandardDeviation.exp(),
    oldStandardDeviation,
    bound: settings.covarianceBound,
  });
  const standardDeviation =
    leastEntropy === null ? within : diagonalEntropyProjection({ standardDeviation: within, leastEntropy });
  return diagonalNormal({
    mean: diagonalMeanProjection({
      mean,
      oldMean: oldDistribution.parameters.mean,
      oldStandardDeviation: oldStandardDeviation.broadcastTo(mean.shape),
      bound: settings.meanBound,
    }),
    logStandardDeviation: standardDeviation.log(),
  });
}

// Loss ----------------------------------------------------------------------------------------------------------------

/** What {@link trplLoss} takes: a distribution or a number a step. */
export interface TrplLossInputs {
  /** What the network says, in each state. */
  readonly distribution: DiagonalNormal;
  /** The same within the bounds: {@link projectedPolicy} of it. */
  readonly projected: DiagonalNormal;
  /** The policy that acted, in the same states. */
  readonly oldDistribution: DiagonalNormal;
  /** What was done: float32 `["batch", n]`. */
  readonly action: Tensor;
  /** log π_old(a | s), float32 `["batch"]`. */
  readonly oldLogProbability: Tensor;
  /** Â, float32 `["batch"]`. */
  readonly advantage: Tensor;
  /** V(s) of the value function that learns, float32 `["batch"]`. */
  readonly value: Tensor;
  /** R, what the value function learns, float32 `["batch"]`. */
  readonly valueTarget: Tensor;
}

/**
 * The loss, and what one watches beside it, each a scalar:
 *
 *     L = −E[ρ Â] + α E[Σ ((μ − μ̃)/σ_old)²] − c₂ E[H(π̃)] + c₁ E[(V − R)²],   ρ = π̃(a|s) / π_old(a|s)
 *
 * The regression holds μ̃ constant; through the rest gradients flow to the parameters of the network's distribution, and
 * to `value`. (Otto et al. 2021, section 4.)
 *
 * @param inputs - See {@link TrplLossInputs}.
 * @param settings - α, c₁, c₂, and whether advantages are normalised.
 * @returns Scalars: the loss and its parts.
 * @throws ShapeError where inputs differ in shape.
 */
export function trplLoss(
  inputs: TrplLossInputs,
  settings: Pick<TrplResolvedOptions, "normalizeAdvantages" | "regressionWeight" | "entropyWeight" | "valueWeight">,
) {
  const { distribution, projected, oldDistribution, value, valueTarget } = inputs;
  const advantage = settings.normalizeAdvantages ? normalized(inputs.advantage) : inputs.advantage;
  const ratio = projected.logProbability(inputs.action).sub(inputs.oldLogProbability).exp();
  const policyLoss = ratio.mul(advantage).mean().neg();
  const precision = oldDistribution.parameters.logStandardDeviation.neg().exp();
  const missed = distribution.mean().sub(stopGradient(projected.mean())).mul(precision);
  const regressionLoss = missed.square().sum(-1).mean();
  const valueLoss = value.sub(valueTarget).square().mean();
  const entropy = projected.entropy().mean();
  const loss = policyLoss
    .add(regressionLoss.mul(settings.regressionWeight))
    .sub(entropy.mul(settings.entropyWeight))
    .add(valueLoss.mul(settings.valueWeight));
  return { loss, policyLoss, regressionLoss, valueLoss, entropy };
}

// Update --------------------------------------------------------------------------------------------------------------

/** The update with its gradients and Adam; and what sets the spread to its projection, once the epochs are over. */
function compilePrograms(
  settings: TrplResolvedOptions,
  { policy, policyParameters, valueParameters, value, backend }: ActorCritic,
  { old }: RecordedPolicy,
) {
  const { store } = policy;
  const parameters = [...policyParameters, ...valueParameters];
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const distribution = policy.distribution(observation) as DiagonalNormal;
  const oldDistribution = old.distribution as DiagonalNormal;
  const leastEntropy = settings.leastEntropy === null ? null : input("leastEntropy", []);
  const projected = projectedPolicy(distribution, oldDistribution, leastEntropy, settings);
  const fed = {
    action: input("action", ["batch", ...distribution.eventShape]),
    oldLogProbability: input("oldLogProbability", ["batch"]),
    advantage: input("advantage", ["batch"]),
    valueTarget: input("valueTarget", ["batch"]),
  };
  const learningRate = input("learningRate", []);
  const learned = { distribution, projected, oldDistribution, value: value(observation) };
  const { loss, ...watched } = trplLoss({ ...fed, ...learned }, settings);
  const clipped = clipByGlobalNorm(grad(loss, parameters), settings.maxGradientNorm);
  const constraints: Readonly<Record<string, Tensor>> = { ...old.inputs, ...(leastEntropy && { leastEntropy }) };
  const inputs: Readonly<Record<string, Tensor>> = { observation, learningRate, ...fed, ...constraints };
  const { mean: _mean, ...sharedConstraints } = constraints;
  const learn = compile({
    inputs,
    outputs: { loss, ...watched, gradientNorm: clipped.norm },
    updates: adam(parameters, clipped.gradients, { learningRate, epsilon: 1e-5, gradientNorm: clipped.norm }),
    store,
    backend,
  });
  const spread = distribution.parameters.logStandardDeviation as Variable;
  const settle = compile({
    inputs: sharedConstraints,
    updates: [assign(spread, projected.parameters.logStandardDeviation)],
    store,
  });
  return { learn, settle };
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * An agent of trust-region projection layers.
 *
 * @param options - `env`, `seed`, `backend` and {@link TrplSettings}; tuned ones are in `trplPresets`.
 * @returns The agent, untrained; its environments are reset.
 * @throws OptionError naming an option that is unknown or out of its range, an environment whose actions are not
 *   continuous, noise that depends on the state, or a minibatch larger than the rollout.
 */
export function trpl(options: TrplOptions): Agent<Box, TrplReport> {
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
export function resumeTrpl(
  checkpoint: Uint8Array,
  env: EnvironmentSource<Box>,
  backend?: AnyBackend,
): Agent<Box, TrplReport> {
  return resumedAgent(maker, checkpoint, env, backend);
}

class TrplLearner<A extends Space> implements Learner<A, TrplReport> {
  readonly policy: Policy<A>;
  readonly #settings: TrplResolvedOptions;
  readonly #collector: RolloutCollector<A>;
  readonly #recorded: RecordedPolicy;
  readonly #programs: ReturnType<typeof compilePrograms>;
  readonly #minibatches: Minibatches<A>;
  readonly #minibatchStream: Random;

  constructor(env: EnvironmentSource<A>, settings: TrplResolvedOptions, seed: number, backend: AnyBackend | undefined) {
    requireWithinRollout("minibatchSize", settings.minibatchSize, settings);
    if (settings.stateDependentNoise) throw new OptionError("stateDependentNoise: expected false, got true");
    const random = new Random(seed);
    this.#settings = settings;
    this.#collector = new RolloutCollector({ env, algorithm: "trpl", settings, random, backend });
    const { model, environments } = this.#collector;
    const { kind } = environments.vector.actionSpace;
    if (kind !== "box") throw new OptionError(`env: expected a box of actions, got a ${kind} space`);
    this.policy = model.policy;
    this.#recorded = new RecordedPolicy(model);
    this.#programs = compilePrograms(settings, model, this.#recorded);
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
    // Phase 3: epochs of minibatches, through the projection.
    const learningRate = scheduleValue(this.#settings.learningRate, progress);
    const bounds = this.#bounds(progress);
    const means = await this.#learn(rollout, { ...bounds, learningRate }, steps, pace);
    // Phase 4: the projected spread becomes the policy's.
    this.#programs.settle.execute({ ...this.#recorded.shared(), ...bounds });
    const klNats = this.#recorded.klNats(rollout.observations);
    if (!Number.isFinite(klNats)) throw divergenceError("trpl", ["klNats"], () => klNats, steps);
    this.#collector.updateScaling(rollout);
    // Phase 5: report.
    const report = {
      ...this.#collector.environments.report,
      ...means,
      klNats,
      ...rolloutMetrics(rollout),
      learningRate,
    };
    return { taken: rollout.steps * rollout.environments, report };
  }

  #bounds(progress: number): Readonly<Record<string, number>> {
    const { leastEntropy } = this.#settings;
    return leastEntropy === null ? {} : { leastEntropy: scheduleValue(leastEntropy, progress) };
  }

  async #learn(rollout: Rollout<A>, scalars: Readonly<Record<string, number>>, steps: number, pace: Pace) {
    const { learn } = this.#programs;
    const read = (name: WatchedName): number => learn.scalar(name);
    const means = new RunningMeans(watchedNames);
    for (let epoch = 0; epoch < this.#settings.epochs; epoch++) {
      for (const minibatch of this.#minibatches.epoch(rollout, this.#minibatchStream)) {
        await learn.execute({
          observation: minibatch.observations,
          action: minibatch.actions,
          oldLogProbability: minibatch.logProbabilities,
          advantage: minibatch.advantages,
          valueTarget: minibatch.returns,
          ...scalars,
          ...this.#recorded.rows(minibatch.indices),
        });
        if (!learn.updatesApplied) throw divergenceError("trpl", watchedNames, read, steps);
        means.add(read);
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

const watchedNames = ["policyLoss", "regressionLoss", "valueLoss", "entropy", "gradientNorm"] as const;
type WatchedName = (typeof watchedNames)[number];

const maker: AgentMaker<typeof trplOptions, TrplReport> = {
  algorithm: "trpl",
  options: trplOptions,
  learner: (env, settings, seed, backend) => new TrplLearner(env, settings, seed, backend),
};
