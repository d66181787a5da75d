/**
 * Actor-critic, online: an update after every step, by the temporal-difference error of a learned value function; with
 * eligibility traces where wanted.
 *
 * Sources: Barto, Sutton and Anderson 1983, "Neuronlike Adaptive Elements That Can Solve Difficult Learning Control
 * Problems"; Sutton and Barto 2018, "Reinforcement Learning", section 13.5, the two algorithms for episodes.
 *
 * Details that matter in practice. [SB] is that book.
 *
 *  1. After each step, δ = r + γ V(s′) − V(s) moves the policy along δ ∇log π(a | s) and the value function along δ ∇V(s).
 *     Nothing is kept of the step, but for the traces. V(s′) is a constant to the gradient: a semi-gradient [SB].
 *  2. With λ > 0 a trace a parameter, z ← γλ z + ∇, stands for the gradient, in policy and value alike; it is 0 at the
 *     start of an episode [SB, who have a λ for each].
 *  3. Adam with ε = 1e-5 takes the steps, apart for policy and value; [SB] have plain steps, which need a tuned size for
 *     each network. What Adam averages is δ z.
 *  4. γᵗ, which [SB] weigh the policy's step t of an episode with, is left out, as practice does.
 *  5. N environments step together, and the update is the mean over them. Traces are of one environment's past: with
 *     λ > 0, N is 1.
 *  6. The entropy's gradient may be added; it enters no trace.
 *  7. Policy and value are separate networks, 64 × 64 with tanh, orthogonal initial weights; gain 0.01 for the policy's
 *     output and 1 for the value's.
 *  8. Continuous actions: a normal with a free log standard deviation that does not depend on the state; samples are
 *     learned from as drawn, and clipped to the bounds for the environment alone.
 *  9. Observations may be normalised, rewards scaled by the spread of the discounted return; the statistics move after
 *     every update.
 * 10. A truncated episode bootstraps from the value of its own last observation, a terminated one from 0.
 */
import { assign, compile, grad, input, variable } from "@uphill/autodiff";
import type { AnyBackend, Tensor, Update, Variable } from "@uphill/autodiff";
import { OptionError, Random } from "@uphill/core-math";
import type { EnvironmentSource, Space } from "@uphill/envs";
import { tdErrorsPerStep } from "@uphill/estimators";
import { adam, globalNorm, scheduleValue } from "@uphill/nn";
import { divergenceError, newAgent, policyGradientLoss, resumedAgent, RolloutCollector, RunningMeans } from "@uphill/training";
import type { ActorCritic, Agent, AgentMaker, Iteration, Learner, Policy, Rollout, Snapshot } from "@uphill/training";
import { actorCriticOptions } from "./actor-critic-options.js";
import type { ActorCriticOptions, ActorCriticReport, ActorCriticResolvedOptions } from "./actor-critic-options.js";
import { ValueQuality } from "./internal/value-quality.js";

// Update --------------------------------------------------------------------------------------------------------------

/** What the traces of one network are made of. */
interface Traced {
  /** What rises along the trace: log π(a | s), or V(s); a scalar. */
  readonly objective: Tensor;
  readonly parameters: readonly Variable[];
  /** δ, a scalar. */
  readonly tdError: Tensor;
  /** γλ. */
  readonly decay: number;
  /** 0 where the episode ends with this step, else 1. */
  readonly continues: Tensor;
}

/** −δ z for each parameter, z ← γλ z + ∇objective, and the updates of the traces. */
function tracedGradients({ objective, parameters, tdError, decay, continues }: Traced) {
  const updates: Update[] = [];
  const gradients = grad(objective, parameters).map((gradient, i) => {
    const trace = variable(`trace/${parameters[i].name}`, parameters[i].shape, 0);
    const next = trace.mul(decay).add(gradient);
    updates.push(assign(trace, next.mul(continues)));
    return next.mul(tdError).neg();
  });
  return { gradients, updates };
}

/** Both networks' steps, as one program. */
function compileUpdate(settings: ActorCriticResolvedOptions, model: ActorCritic) {
  const { policy, policyParameters, valueParameters, value, backend } = model;
  const { gamma, lambda, entropyWeight } = settings;
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const action = input("action", ["batch", ...distribution.eventShape], distribution.dtype);
  const tdErrors = input("tdError", ["batch"]);
  const continues = input("continues", []);
  const rates = { policy: input("learningRate", []), value: input("valueLearningRate", []) };
  const logProbability = distribution.logProbability(action);
  const policyLoss = policyGradientLoss({ logProbability, advantage: tdErrors });
  const entropy = distribution.entropy().mean();
  const values = value(observation);

  const traced = { tdError: tdErrors.mean(), decay: gamma * lambda, continues };
  const [actor, critic] =
    lambda === 0
      ? [
          { gradients: grad(policyLoss, policyParameters), updates: [] },
          { gradients: grad(values.mul(tdErrors).mean().neg(), valueParameters), updates: [] },
        ]
      : [
          tracedGradients({ ...traced, objective: logProbability.mean(), parameters: policyParameters }),
          tracedGradients({ ...traced, objective: values.mean(), parameters: valueParameters }),
        ];
  const bonuses = entropyWeight === 0 ? null : grad(entropy.mul(-entropyWeight), policyParameters);
  const policyGradients = actor.gradients.map((gradient, i) => (bonuses === null ? gradient : gradient.add(bonuses[i])));
  const gradientNorm = globalNorm(policyGradients);
  return compile({
    inputs: { observation, action, tdError: tdErrors, continues, learningRate: rates.policy, valueLearningRate: rates.value },
    outputs: { policyLoss, valueLoss: tdErrors.square().mean(), entropy, gradientNorm },
    updates: [
      ...actor.updates,
      ...critic.updates,
      ...adam(policyParameters, policyGradients, { learningRate: rates.policy, name: "policyAdam", epsilon: 1e-5, gradientNorm }),
      ...adam(valueParameters, critic.gradients, { learningRate: rates.value, name: "valueAdam", epsilon: 1e-5 }),
    ],
    store: policy.store,
    backend,
  });
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * An online actor-critic agent.
 *
 * @param options - `env`, `seed`, `backend` and {@link ActorCriticSettings}; tuned ones are in `actorCriticPresets`.
 * @returns The agent, untrained; its environments are reset.
 * @throws OptionError naming an option that is unknown or out of its range, or traces over several environments.
 */
export function actorCritic<A extends Space>(options: ActorCriticOptions<A>): Agent<A, ActorCriticReport> {
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
export function resumeActorCritic<A extends Space>(
  checkpoint: Uint8Array,
  env: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, ActorCriticReport> {
  return resumedAgent(maker, checkpoint, env, backend);
}

class ActorCriticLearner<A extends Space> implements Learner<A, ActorCriticReport> {
  readonly policy: Policy<A>;
  readonly #settings: ActorCriticResolvedOptions;
  readonly #collector: RolloutCollector<A>;
  readonly #update: ReturnType<typeof compileUpdate>;

  constructor(env: EnvironmentSource<A>, settings: ActorCriticResolvedOptions, seed: number, backend: AnyBackend | undefined) {
    const { lambda, environments } = settings;
    if (lambda > 0 && environments > 1) {
      throw new OptionError(`lambda: expected 0 with ${environments} environments, as traces are of one alone; got ${lambda}`);
    }
    this.#settings = settings;
    this.#collector = new RolloutCollector({
      env,
      algorithm: "actor-critic",
      settings: { ...settings, rolloutSteps: 1 },
      random: new Random(seed),
      backend,
    });
    this.policy = this.#collector.model.policy;
    this.#update = compileUpdate(settings, this.#collector.model);
  }

  /** As many steps of all environments as there are between two reports. */
  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const { environments, gamma, updatesPerReport } = this.#settings;
    const learningRate = scheduleValue(this.#settings.learningRate, progress);
    const valueLearningRate = scheduleValue(this.#settings.valueLearningRate, progress);
    const means = new RunningMeans(watchedNames);
    const quality = new ValueQuality();
    let taken = 0;
    for (let update = 0; update < updatesPerReport && taken < remainingSteps; update++) {
      // Phase 1: one step of the policy, with the values of where it was and where it led.
      const step = await this.#collector.collect(1, pace);
      // Phase 2: δ, and what the value should have been.
      tdErrorsPerStep({ ...step, gamma, out: step.advantages });
      for (let n = 0; n < environments; n++) step.returns[n] = step.values[n] + step.advantages[n];
      // Phase 3: the policy and the value function, along δ.
      await this.#learn(step, { learningRate, valueLearningRate }, steps + taken);
      this.#collector.updateScaling(step);
      means.add((name) => this.#update.scalar(name));
      quality.add(step);
      taken += environments;
    }
    // Phase 4: report.
    const report = { ...this.#collector.environments.report, ...means.values(), ...quality.metrics, learningRate };
    return { taken, report };
  }

  async #learn(
    { observations, actions, advantages, terminated, truncated }: Rollout<A>,
    rates: { readonly learningRate: number; readonly valueLearningRate: number },
    steps: number,
  ): Promise<void> {
    const continues = 1 - (terminated[0] | truncated[0]);
    const update = this.#update;
    await update.execute({ observation: observations, action: actions, tdError: advantages, continues, ...rates });
    if (!update.updatesApplied) throw divergenceError("actor-critic", watchedNames, (name) => update.scalar(name), steps);
  }

  capture(): Snapshot {
    return this.#collector.capture({});
  }

  restore(snapshot: Snapshot): void {
    this.#collector.restore(snapshot, {});
  }

  close(): void {
    this.#collector.environments.close();
  }
}

const watchedNames = ["policyLoss", "valueLoss", "entropy", "gradientNorm"] as const;

const maker: AgentMaker<typeof actorCriticOptions, ActorCriticReport> = {
  algorithm: "actor-critic",
  options: actorCriticOptions,
  learner: (env, settings, seed, backend) => new ActorCriticLearner(env, settings, seed, backend),
};
