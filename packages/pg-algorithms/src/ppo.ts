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
 */
import { compile, constant, grad, input, maximum, Store, webAssembly } from "@uphill/autodiff";
import type { Tensor, Variable } from "@uphill/autodiff";
import {
  describe, explainedVariance, FormatError, NumericalError, OptionError, Random, requireInteger, requireObject,
} from "@uphill/core-math";
import type { RandomState } from "@uphill/core-math";
import { fillNoise } from "@uphill/distributions";
import { definitionOf } from "@uphill/envs";
import type { ActionsOf, EnvironmentSource, JsonValue, Space } from "@uphill/envs";
import { gaeAdvantages } from "@uphill/estimators";
import { adam, clipByGlobalNorm, scheduleValue } from "@uphill/nn";
import {
  decodeCheckpoint, encodeCheckpoint, loadStoreTensors, Minibatches, noiseLength, ObservationScaling, Policy,
  policyNetwork, resolveOptions, RolloutBuffer, RunningMeans, storeTensors, TrainingEnvironments, TrainingLoop,
  valueNetwork, withinBounds,
} from "@uphill/training";
import type { Agent, Iteration, Pace, Rollout, Snapshot, TrainOptions } from "@uphill/training";
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

/** (x − mean) / (sample standard deviation + 1e-8); a batch of one becomes 0. */
function normalized(x: Tensor): Tensor {
  const centered = x.sub(x.mean());
  const count = constant(1).broadcastTo(x.shape).sum();
  const variance = centered.square().sum().div(maximum(count.sub(1), 1));
  return centered.div(variance.sqrt().add(1e-8));
}

// Update ------------------------------------------------------------------------------------------------------------

/** What learns: a policy and a value function over the same observations. */
interface Model<A extends Space = Space> {
  readonly policy: Policy<A>;
  readonly parameters: readonly Variable[];
  value(observation: Tensor): Tensor;
}

/** The three programs of an agent, on one store: acting, valuing, and the update with its gradients and Adam. */
function compilePrograms(settings: PpoResolvedOptions, { policy, parameters, value: valueOf }: Model) {
  const { store, observationSpace, actionSpace } = policy;
  const observation = input("observation", ["batch", observationSpace.size]);
  const distribution = policy.distribution(observation);
  const value = valueOf(observation);

  const noise = input("noise", distribution.noise.shape);
  const sample = distribution.sampleWithLogProbability(noise);
  const act = compile({
    inputs: { observation, noise },
    outputs: {
      action: sample.value,
      environmentAction: withinBounds(sample.value, actionSpace),
      logProbability: sample.logProbability,
      value,
    },
    store,
  });
  const evaluate = compile({ inputs: { observation }, outputs: { value }, store });

  const action = input("action", ["batch", ...distribution.eventShape], distribution.dtype);
  const fed = {
    advantage: input("advantage", ["batch"]),
    valueTarget: input("valueTarget", ["batch"]),
    oldLogProbability: input("oldLogProbability", ["batch"]),
    oldValue: input("oldValue", ["batch"]),
    clipRange: input("clipRange", []),
  };
  const learningRate = input("learningRate", []);
  const logProbability = distribution.logProbability(action);
  const { loss, ...watched } = ppoLoss({ ...fed, logProbability, entropy: distribution.entropy(), value }, settings);
  const clipped = clipByGlobalNorm(grad(loss, parameters), settings.maxGradientNorm);
  const update = compile({
    inputs: { observation, action, learningRate, ...fed },
    outputs: { loss, ...watched, gradientNorm: clipped.norm },
    updates: adam(parameters, clipped.gradients, { learningRate, epsilon: 1e-5, gradientNorm: clipped.norm }),
    store,
  });
  const noiseArray = new Float32Array(noiseLength(distribution, settings.environments));
  return { act, evaluate, update, noise: { kind: distribution.noise.kind, values: noiseArray } };
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * A PPO agent.
 *
 * @param options - `env`, `seed` and {@link PpoSettings}; tuned ones are in `ppoPresets`.
 * @returns The agent, untrained; its environments are reset.
 * @throws OptionError naming an option that is unknown or out of its range, or a minibatch larger than the rollout.
 */
export function ppo<A extends Space>(options: PpoOptions<A>): Agent<A, PpoReport> {
  const { env, seed = 0, ...settings } = options;
  return new PpoAgent(env, resolveOptions(ppoOptions, settings), requireInteger("seed", seed, { least: 0 }));
}

/**
 * The agent that {@link Agent.checkpoint} stored; it goes on to the same bits as one that never stopped.
 *
 * @param checkpoint - The file's bytes.
 * @param env - The environment that it was trained on.
 * @returns The agent, at the end of the iteration that the checkpoint was taken after.
 * @throws FormatError where the bytes are damaged, of another algorithm, or of an environment of another name.
 */
export function resumePpo<A extends Space>(checkpoint: Uint8Array, env: EnvironmentSource<A>): Agent<A, PpoReport> {
  const { algorithm, options, ...snapshot } = decodeCheckpoint(checkpoint);
  if (algorithm !== "ppo") throw new FormatError(`checkpoint: expected one of ppo, got one of ${algorithm}`);
  const { environment, seed, settings } = requireObject("checkpoint.options", options);
  const { id } = definitionOf(env);
  if (environment !== id) {
    throw new FormatError(`checkpoint: expected one of environment ${id}, got one of ${describe(environment)}`);
  }
  const agent = new PpoAgent(
    env,
    resolveOptions(ppoOptions, requireObject("checkpoint.options.settings", settings)),
    requireInteger("checkpoint.options.seed", seed, { least: 0 }),
  );
  agent.resume(snapshot);
  return agent;
}

class PpoAgent<A extends Space> implements Agent<A, PpoReport> {
  readonly policy: Policy<A>;
  readonly #settings: PpoResolvedOptions;
  readonly #seed: number;
  readonly #environments: TrainingEnvironments<A>;
  readonly #scaling: ObservationScaling | null;
  readonly #actionStream: Random;
  readonly #minibatchStream: Random;
  readonly #programs: ReturnType<typeof compilePrograms>;
  readonly #buffer: RolloutBuffer<A>;
  readonly #minibatches: Minibatches<A>;
  readonly #loop: TrainingLoop<PpoReport>;

  constructor(env: EnvironmentSource<A>, settings: PpoResolvedOptions, seed: number) {
    const { environments: count, rolloutSteps, minibatchSize, gamma } = settings;
    if (minibatchSize > count * rolloutSteps) {
      throw new OptionError(
        `minibatchSize: expected at most environments · rolloutSteps = ${count * rolloutSteps}, got ${minibatchSize}`,
      );
    }
    this.#settings = settings;
    this.#seed = seed;
    const random = new Random(seed);
    this.#actionStream = random.split("actions");
    this.#minibatchStream = random.split("minibatches");
    this.#environments = new TrainingEnvironments(env, {
      count,
      seed: random.split("environments").integer(2 ** 31),
      rewardScaling: settings.normalizeRewards ? { gamma } : null,
    });
    const { observationSpace, actionSpace } = this.#environments.vector;

    this.#scaling = settings.normalizeObservations ? new ObservationScaling(observationSpace.size) : null;
    const scaled = (observation: Tensor): Tensor => this.#scaling?.apply(observation) ?? observation;
    const actor = policyNetwork(random.split("policy"), { ...settings, observationSpace, actionSpace });
    const critic = valueNetwork(random.split("value"), { ...settings, observationSpace });
    this.policy = new Policy({
      environmentId: definitionOf(env).id,
      algorithm: "ppo",
      observationSpace,
      actionSpace,
      store: new Store({ backend: webAssembly({ deterministic: settings.deterministic }) }),
      distribution: (observation) => actor.distribution(scaled(observation)),
    });
    this.#programs = compilePrograms(settings, {
      policy: this.policy,
      parameters: [...actor.parameters, ...critic.parameters],
      value: (observation) => critic.value(scaled(observation)),
    });
    this.#buffer = new RolloutBuffer(this.#environments.vector, rolloutSteps);
    this.#minibatches = new Minibatches(this.#environments.vector, minibatchSize);
    this.#loop = new TrainingLoop({
      iterate: (iteration) => this.#iterate(iteration),
      capture: () => this.#capture(),
      restore: (snapshot) => this.#restore(snapshot),
    });
  }

  get steps(): number {
    return this.#loop.steps;
  }

  get targetSteps(): number {
    return this.#loop.targetSteps;
  }

  train(options?: TrainOptions): AsyncGenerator<PpoReport, void, undefined> {
    return this.#loop.train(options);
  }

  checkpoint(): Uint8Array<ArrayBuffer> {
    const options = { environment: this.policy.environmentId, seed: this.#seed, settings: this.#settings };
    return encodeCheckpoint({ algorithm: "ppo", options, ...this.#loop.snapshot() });
  }

  resume(snapshot: Snapshot): void {
    this.#loop.resume(snapshot);
  }

  close(): void {
    this.#environments.close();
  }

  /** One iteration, in the phases of the paper's algorithm 1. */
  async #iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const { rolloutSteps, gamma, lambda } = this.#settings;
    // Phase 1: run π_old in N environments for T steps.
    await this.#collect(Math.min(rolloutSteps, Math.ceil(remainingSteps / this.#environments.vector.count)), pace);
    // Phase 2: values of what came after the last step, then advantages and value targets.
    const rollout = this.#bootstrapped();
    gaeAdvantages({ ...rollout, gamma, lambda, out: rollout.advantages });
    for (let i = 0; i < rollout.returns.length; i++) rollout.returns[i] = rollout.advantages[i] + rollout.values[i];
    // Phase 3: epochs of minibatches.
    const learningRate = scheduleValue(this.#settings.learningRate, progress);
    const clipRange = scheduleValue(this.#settings.clipRange, progress);
    const means = await this.#update(rollout, { learningRate, clipRange, steps, pace });
    this.#scaling?.update(rollout.observations, this.policy.store);
    // Phase 4: report.
    const report = {
      ...this.#environments.report,
      ...means,
      explainedVariance: explainedVariance(rollout.values, rollout.returns),
      learningRate,
    };
    return { taken: rollout.steps * rollout.environments, report };
  }

  async #collect(steps: number, pace: Pace): Promise<void> {
    const [environments, buffer, { act, noise }] = [this.#environments, this.#buffer, this.#programs];
    buffer.clear();
    while (buffer.steps < steps) {
      const { observations } = environments.vector;
      fillNoise(noise.kind, this.#actionStream, noise.values);
      act.execute({ observation: observations, noise: noise.values });
      buffer.recordDecisions({
        observations,
        actions: act.view("action") as ActionsOf<A>,
        logProbabilities: act.view("logProbability"),
        values: act.view("value"),
      });
      environments.step(act.view("environmentAction") as ActionsOf<A>);
      buffer.recordOutcomes(environments.vector, environments.rewards);
      if (pace.due) await pace.turn();
    }
  }

  #bootstrapped(): Rollout<A> {
    const { evaluate } = this.#programs;
    evaluate.execute({ observation: this.#buffer.bootstrapObservations(this.#environments.vector.observations) });
    this.#buffer.setBootstrapValues(evaluate.view("value"));
    return this.#buffer.rollout();
  }

  async #update(rollout: Rollout<A>, { learningRate, clipRange, steps, pace }: UpdateSettings) {
    const { epochs, klTarget } = this.#settings;
    const { update } = this.#programs;
    const read = (name: WatchedName): number => update.scalar(name);
    const means = new RunningMeans(watchedNames);
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const minibatch of this.#minibatches.epoch(rollout, this.#minibatchStream)) {
        update.execute({
          observation: minibatch.observations,
          action: minibatch.actions,
          advantage: minibatch.advantages,
          valueTarget: minibatch.returns,
          oldLogProbability: minibatch.logProbabilities,
          oldValue: minibatch.values,
          learningRate,
          clipRange,
        });
        if (!update.updatesApplied) throw diverged(steps, read);
        means.add(read);
        if (klTarget !== null && read("klNats") > 1.5 * klTarget) return means.values();
        if (pace.due) await pace.turn();
      }
    }
    return means.values();
  }

  #capture(): Snapshot {
    return {
      tensors: storeTensors(this.policy.store),
      state: {
        environments: this.#environments.capture(),
        scaling: this.#scaling?.capture() ?? null,
        actionStream: this.#actionStream.state(),
        minibatchStream: this.#minibatchStream.state(),
      },
    };
  }

  #restore({ tensors, state }: Snapshot): void {
    const { environments, scaling, actionStream, minibatchStream } = requireObject("checkpoint.state", state);
    loadStoreTensors(this.policy.store, tensors);
    this.#environments.restore(environments as JsonValue);
    this.#scaling?.restore(scaling as JsonValue);
    this.#actionStream.restore(actionStream as RandomState);
    this.#minibatchStream.restore(minibatchStream as RandomState);
  }
}

interface UpdateSettings {
  readonly learningRate: number;
  readonly clipRange: number;
  /** Environment steps before the iteration, for errors. */
  readonly steps: number;
  readonly pace: Pace;
}

const watchedNames = ["policyLoss", "valueLoss", "entropy", "klNats", "clipFraction", "gradientNorm"] as const;
type WatchedName = (typeof watchedNames)[number];

function diverged(steps: number, read: (name: WatchedName) => number): NumericalError {
  const wrong = watchedNames.filter((name) => !Number.isFinite(read(name))).map((name) => `${name} ${read(name)}`);
  return new NumericalError(
    `ppo: expected finite losses and gradients, got ${wrong.join(", ")} in the iteration after step ${steps}; ` +
      "the weights of that step are kept",
  );
}
