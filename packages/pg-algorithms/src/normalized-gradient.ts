/**
 * Policy gradient with steps of a given length in parameter space: what natural gradients and trust regions improve on.
 *
 * Paper: Williams 1992 for the gradient; the step is the solution of max gᵀd subject to ‖d‖ ≤ c, the update that Schulman,
 * Levine, Moritz, Jordan and Abbeel 2015, "Trust Region Policy Optimization", section 7, set against their own.
 *
 * Details that matter in practice.
 *
 *  1. N environments are stepped together, T steps a rollout; episodes run on across rollouts.
 *  2. The gradient is that of E[Â log π(a|s)] over the whole rollout: one step of the policy a rollout.
 *  3. The step has length c, not length squared, whatever the gradient's norm; it is 0 where the gradient is.
 *  4. What one length does to the policy depends on where it stands and on how it is written: hardly anything while its
 *     output weights are small, far too much where probabilities are near 0 or 1. The divergence of each step is reported
 *     to be seen. Nothing checks it, and c is the same for a parameter of the first layer and a log standard deviation.
 *  5. A c that falls over the budget is what the method needs: at a constant length it never settles.
 *  6. Advantages are generalised ones, normalised over the rollout by the sample's standard deviation + 1e-8; their scale
 *     does not matter here, that their mean is 0 does.
 *  7. Policy and value are separate networks, 64 × 64 with tanh, orthogonal initial weights; gain 0.01 for the policy's
 *     output and 1 for the value's.
 *  8. The value function is fitted after the policy's step, by Adam over shuffled minibatches; its targets are
 *     advantage + old value.
 *  9. Continuous actions: a normal with a free log standard deviation; samples are stored as drawn, and clipped to the
 *     bounds for the environment alone.
 * 10. A truncated episode bootstraps from the value of its own last observation, a terminated one from 0.
 */
import { compile, grad, input } from "@uphill/autodiff";
import type { AnyBackend } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import type { EnvironmentSource, Space } from "@uphill/envs";
import { gaeAdvantages } from "@uphill/estimators";
import { globalNorm, scheduleValue } from "@uphill/nn";
import {
  divergenceError, newAgent, normalized, policyGradientLoss, requireWithinRollout, resumedAgent, RolloutCollector,
  rolloutMetrics, ValueFit,
} from "@uphill/training";
import type { ActorCritic, Agent, AgentMaker, Iteration, Learner, Policy, Rollout, Snapshot } from "@uphill/training";
import { euclideanStep } from "@uphill/trust-region";
import { FlatParameters } from "./internal/flat-parameters.js";
import { RecordedPolicy } from "./internal/recorded-policy.js";
import { normalizedGradientOptions } from "./normalized-gradient-options.js";
import type {
  NormalizedGradientOptions, NormalizedGradientReport, NormalizedGradientResolvedOptions,
} from "./normalized-gradient-options.js";

// Update --------------------------------------------------------------------------------------------------------------

/** The policy gradient over a rollout, as one vector. */
function compileGradient(
  settings: NormalizedGradientResolvedOptions,
  { policy, policyParameters, backend }: ActorCritic,
  flat: FlatParameters,
) {
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const action = input("action", ["batch", ...distribution.eventShape], distribution.dtype);
  const advantage = input("advantage", ["batch"]);
  const policyLoss = policyGradientLoss({
    logProbability: distribution.logProbability(action),
    advantage: settings.normalizeAdvantages ? normalized(advantage) : advantage,
  });
  const gradients = grad(policyLoss.neg(), policyParameters);
  return compile({
    inputs: { observation, action, advantage },
    outputs: {
      policyLoss,
      gradient: flat.joined(gradients),
      gradientNorm: globalNorm(gradients),
      entropy: distribution.entropy().mean(),
    },
    store: policy.store,
    backend,
  });
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * An agent that takes steps of a given length in parameter space.
 *
 * @param options - `env`, `seed`, `backend` and {@link NormalizedGradientSettings}; tuned ones are in `normalizedGradientPresets`.
 * @returns The agent, untrained; its environments are reset.
 * @throws OptionError naming an option that is unknown or out of its range, or a minibatch larger than the rollout.
 */
export function normalizedGradient<A extends Space>(
  options: NormalizedGradientOptions<A>,
): Agent<A, NormalizedGradientReport> {
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
export function resumeNormalizedGradient<A extends Space>(
  checkpoint: Uint8Array,
  env: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, NormalizedGradientReport> {
  return resumedAgent(maker, checkpoint, env, backend);
}

class NormalizedGradientLearner<A extends Space> implements Learner<A, NormalizedGradientReport> {
  readonly policy: Policy<A>;
  readonly #settings: NormalizedGradientResolvedOptions;
  readonly #collector: RolloutCollector<A>;
  readonly #parameters: FlatParameters;
  readonly #gradient: ReturnType<typeof compileGradient>;
  readonly #recorded: RecordedPolicy;
  readonly #valueFit: ValueFit<A>;
  readonly #minibatchStream: Random;

  constructor(env: EnvironmentSource<A>, settings: NormalizedGradientResolvedOptions, seed: number, backend: AnyBackend | undefined) {
    requireWithinRollout("valueMinibatchSize", settings.valueMinibatchSize, settings);
    const random = new Random(seed);
    this.#settings = settings;
    this.#collector = new RolloutCollector({ env, algorithm: "normalized-gradient", settings, random, backend });
    const { model, environments } = this.#collector;
    this.policy = model.policy;
    this.#parameters = new FlatParameters(model.policy.store, model.policyParameters);
    this.#gradient = compileGradient(settings, model, this.#parameters);
    this.#recorded = new RecordedPolicy(model);
    this.#valueFit = new ValueFit("normalized-gradient", model, environments.vector, settings.valueMinibatchSize);
    this.#minibatchStream = random.split("minibatches");
  }

  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const { environments, rolloutSteps, gamma, lambda, valueEpochs: epochs } = this.#settings;
    // Phase 1: run the policy in N environments for T steps, with values of what came after the last step.
    const rollout = await this.#collector.collect(Math.min(rolloutSteps, Math.ceil(remainingSteps / environments)), pace);
    // Phase 2: advantages and value targets.
    gaeAdvantages({ ...rollout, gamma, lambda, out: rollout.advantages });
    for (let i = 0; i < rollout.returns.length; i++) rollout.returns[i] = rollout.advantages[i] + rollout.values[i];
    // Phase 3: one step of the policy.
    const policyReport = await this.#improve(rollout, scheduleValue(this.#settings.stepLength, progress), steps);
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

  /** θ ← θ + c g/‖g‖, and how far it led. */
  async #improve({ observations, actions, advantages }: Rollout<A>, stepLength: number, steps: number) {
    const gradient = this.#gradient;
    await gradient.execute({ observation: observations, action: actions, advantage: advantages });
    const read = (name: WatchedName): number => gradient.scalar(name);
    const watched = { policyLoss: read("policyLoss"), gradientNorm: read("gradientNorm"), entropy: read("entropy") };
    if (!Object.values(watched).every(Number.isFinite)) {
      throw divergenceError("normalized-gradient", watchedNames, read, steps);
    }
    const step = euclideanStep(gradient.view("gradient"), stepLength);
    this.#recorded.record(observations);
    this.#parameters.write(this.#parameters.read().map((parameter, i) => parameter + step[i]));
    const klNats = this.#recorded.klNats(observations);
    if (!Number.isFinite(klNats)) throw divergenceError("normalized-gradient", ["klNats"], () => klNats, steps);
    return { ...watched, klNats, stepLength };
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

const watchedNames = ["policyLoss", "gradientNorm", "entropy"] as const;
type WatchedName = (typeof watchedNames)[number];

const maker: AgentMaker<typeof normalizedGradientOptions, NormalizedGradientReport> = {
  algorithm: "normalized-gradient",
  options: normalizedGradientOptions,
  learner: (env, settings, seed, backend) => new NormalizedGradientLearner(env, settings, seed, backend),
};
