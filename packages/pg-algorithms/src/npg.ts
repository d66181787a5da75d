/**
 * Natural policy gradient: steps along the policy gradient as the Fisher metric sees it, of a given divergence.
 *
 * Paper: Kakade 2001, "A Natural Policy Gradient", with the step's length from the divergence, where Kakade's is a
 * constant (Rajeswaran, Lowrey, Todorov and Kakade 2017, "Towards Generalization and Simplicity in Continuous Control").
 *
 * Details that matter in practice.
 *
 *  1. N environments are stepped together, T steps a rollout; episodes run on across rollouts.
 *  2. The gradient is that of E[Â log π(a|s)] over the whole rollout: one step of the policy a rollout, never a second
 *     from the same data.
 *  3. F is the Hessian of E[KL(old‖new)] over the rollout's states, from the policy's distributions in closed form,
 *     rather than an average of sampled scores.
 *  4. (F + c I) x = g is solved by conjugate gradients on products with F; where the policy is small, F may be written
 *     down and factored.
 *  5. The step is as long as δ says to second order. Nothing checks where it leads: far from a quadratic, the divergence
 *     that is reported exceeds δ. TRPO's line search is what prevents that.
 *  6. Advantages are generalised ones, normalised over the rollout by the sample's standard deviation + 1e-8.
 *  7. Policy and value are separate networks, 64 × 64 with tanh, orthogonal initial weights; gain 0.01 for the policy's
 *     output and 1 for the value's.
 *  8. The value function is fitted after the policy's step, by Adam over shuffled minibatches; its targets are
 *     advantage + old value.
 *  9. Continuous actions: a normal with a free log standard deviation; samples are stored as drawn, and clipped to the
 *     bounds for the environment alone.
 * 10. A truncated episode bootstraps from the value of its own last observation, a terminated one from 0.
 */
import { compile, grad, input } from "@uphill/autodiff";
import type { AnyBackend, Tensor } from "@uphill/autodiff";
import { OptionError, Random } from "@uphill/core-math";
import type { EnvironmentSource, Space } from "@uphill/envs";
import { gaeAdvantages } from "@uphill/estimators";
import { globalNorm, scheduleValue } from "@uphill/nn";
import {
  divergenceError, newAgent, normalized, policyGradientLoss, requireWithinRollout, resumedAgent, RolloutCollector,
  rolloutMetrics, ValueFit,
} from "@uphill/training";
import type { ActorCritic, Agent, AgentMaker, Iteration, Learner, Policy, Rollout, Snapshot } from "@uphill/training";
import { FlatParameters } from "./internal/flat-parameters.js";
import { NaturalStep } from "./internal/natural-step.js";
import { copiedOutputs, oldPolicy } from "./internal/old-policy.js";
import { npgOptions } from "./npg-options.js";
import type { NpgOptions, NpgReport, NpgResolvedOptions } from "./npg-options.js";

// Update --------------------------------------------------------------------------------------------------------------

/** The policy's two programs: its gradient, and how far a step has led. */
function compilePrograms(settings: NpgResolvedOptions, model: ActorCritic, flat: FlatParameters) {
  const { policy, policyParameters, backend } = model;
  const { store } = policy;
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const action = input("action", ["batch", ...distribution.eventShape], distribution.dtype);
  const advantage = input("advantage", ["batch"]);
  const policyLoss = policyGradientLoss({
    logProbability: distribution.logProbability(action),
    advantage: settings.normalizeAdvantages ? normalized(advantage) : advantage,
  });
  const gradients = grad(policyLoss.neg(), policyParameters);
  const outputs: Readonly<Record<string, Tensor>> = {
    ...distribution.parameters,
    policyLoss,
    gradient: flat.joined(gradients),
    gradientNorm: globalNorm(gradients),
    entropy: distribution.entropy().mean(),
  };
  const differentiate = compile({ inputs: { observation, action, advantage }, outputs, store, backend });
  const old = oldPolicy(distribution);
  const klNats = old.distribution.kl(distribution).mean();
  const measure = compile({ inputs: { observation, ...old.inputs }, outputs: { klNats }, store });
  return { differentiate, measure, distributionNames: Object.keys(old.inputs) };
}

// Loop ----------------------------------------------------------------------------------------------------------------

/** Beyond it, the Fisher matrix in float64 and its factor take more than 16 MB, and the solve a second. */
const MOST_EXACT_PARAMETERS = 1024;

/**
 * A natural-policy-gradient agent.
 *
 * @param options - `env`, `seed`, `backend` and {@link NpgSettings}; tuned ones are in `npgPresets`.
 * @returns The agent, untrained; its environments are reset.
 * @throws OptionError naming an option that is unknown or out of its range, a minibatch larger than the rollout, or an
 *   exact Fisher matrix for too many parameters.
 */
export function npg<A extends Space>(options: NpgOptions<A>): Agent<A, NpgReport> {
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
export function resumeNpg<A extends Space>(
  checkpoint: Uint8Array,
  env: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, NpgReport> {
  return resumedAgent(maker, checkpoint, env, backend);
}

class NpgLearner<A extends Space> implements Learner<A, NpgReport> {
  readonly policy: Policy<A>;
  readonly #settings: NpgResolvedOptions;
  readonly #collector: RolloutCollector<A>;
  readonly #parameters: FlatParameters;
  readonly #programs: ReturnType<typeof compilePrograms>;
  readonly #naturalStep: NaturalStep;
  readonly #valueFit: ValueFit<A>;
  readonly #minibatchStream: Random;

  constructor(env: EnvironmentSource<A>, settings: NpgResolvedOptions, seed: number, backend: AnyBackend | undefined) {
    requireWithinRollout("valueMinibatchSize", settings.valueMinibatchSize, settings);
    const random = new Random(seed);
    this.#settings = settings;
    this.#collector = new RolloutCollector({ env, algorithm: "npg", settings, random, backend });
    const { model, environments } = this.#collector;
    this.policy = model.policy;
    this.#parameters = new FlatParameters(model.policy.store, model.policyParameters);
    if (settings.exactFisher && this.#parameters.length > MOST_EXACT_PARAMETERS) {
      throw new OptionError(
        `exactFisher: expected a policy of at most ${MOST_EXACT_PARAMETERS} parameters, got ${this.#parameters.length}`,
      );
    }
    this.#programs = compilePrograms(settings, model, this.#parameters);
    this.#naturalStep = new NaturalStep(model);
    this.#valueFit = new ValueFit("npg", model, environments.vector, settings.valueMinibatchSize);
    this.#minibatchStream = random.split("minibatches");
  }

  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const { environments, rolloutSteps, gamma, lambda, valueEpochs: epochs } = this.#settings;
    // Phase 1: run the policy in N environments for T steps, with values of what came after the last step.
    const rollout = await this.#collector.collect(Math.min(rolloutSteps, Math.ceil(remainingSteps / environments)), pace);
    // Phase 2: advantages and value targets.
    gaeAdvantages({ ...rollout, gamma, lambda, out: rollout.advantages });
    for (let i = 0; i < rollout.returns.length; i++) rollout.returns[i] = rollout.advantages[i] + rollout.values[i];
    // Phase 3: one natural step of the policy.
    const policyReport = await this.#improve(rollout, steps);
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

  /** θ ← θ + √(2δ / gᵀx) x, and how far it led. */
  async #improve({ observations, actions, advantages }: Rollout<A>, steps: number) {
    const { differentiate, measure, distributionNames } = this.#programs;
    await differentiate.execute({ observation: observations, action: actions, advantage: advantages });
    const read = (name: WatchedName): number => differentiate.scalar(name);
    const watched = { policyLoss: read("policyLoss"), gradientNorm: read("gradientNorm"), entropy: read("entropy") };
    if (!Object.values(watched).every(Number.isFinite)) throw divergenceError("npg", watchedNames, read, steps);

    const { gradient, ...old } = copiedOutputs(differentiate, ["gradient", ...distributionNames]);
    const step = this.#settings.exactFisher
      ? await this.#naturalStep.solveExactly(observations, gradient, this.#settings)
      : await this.#naturalStep.solve(observations, gradient, this.#settings);
    this.#parameters.write(this.#parameters.read().map((parameter, i) => parameter + step[i]));

    measure.execute({ observation: observations, ...old });
    const klNats = measure.scalar("klNats");
    if (!Number.isFinite(klNats)) throw divergenceError("npg", ["klNats"], () => klNats, steps);
    return { ...watched, klNats };
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

const maker: AgentMaker<typeof npgOptions, NpgReport> = {
  algorithm: "npg",
  options: npgOptions,
  learner: (env, settings, seed, backend) => new NpgLearner(env, settings, seed, backend),
};
