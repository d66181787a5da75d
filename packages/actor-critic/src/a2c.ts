/**
 * Advantage actor-critic, synchronous: a short rollout in each of N environments, one update from all of them, on and on.
 *
 * Paper: Mnih, Badia, Mirza, Graves, Lillicrap, Harley, Silver and Kavukcuoglu 2016, "Asynchronous Methods for Deep
 * Reinforcement Learning", algorithm S3 and section 4, with workers that wait for each other.
 *
 * Details that matter in practice. [M] is that paper; [S] is Stable-Baselines3 2.9, whose defaults these are where not
 * said otherwise.
 *
 *  1. N environments are stepped together, T steps a rollout; episodes run on across rollouts [S; M has N workers, each
 *     of whose rollouts ends with its episode].
 *  2. The advantage at each step is the longest n-step return that the rollout has, less the value [M]; or, with λ < 1,
 *     generalised advantage estimation [S]. Value targets are advantage + old value.
 *  3. One update a rollout, from all its steps at once: its gradient is the policy gradient of the policy that acted.
 *  4. The loss is −E[Â log π] − c₂ entropy + c₁ value loss, one optimiser step for all. [M] has c₂ = 0.01 and c₁ = 0.5
 *     before squares with a half; [S] has c₂ = 0.
 *  5. RMSprop, decay 0.99, ε = 1e-5 added to the root, no momentum [S; M has ε inside the root].
 *  6. Gradients are clipped by their global norm over policy and value [S].
 *  7. Advantages are left as they are; normalising them within rollouts of a few steps is an option [S].
 *  8. Policy and value are separate networks [S; M shares all but the last layer], 64 × 64 with tanh, orthogonal initial
 *     weights; gain 0.01 for the policy's output and 1 for the value's.
 *  9. The learning rate may fall over the budget [M].
 * 10. Continuous actions: a normal with a free log standard deviation that does not depend on the state [S]; samples are
 *     stored as drawn, and clipped to the bounds for the environment alone.
 * 11. Observations may be normalised and clipped, rewards scaled by the spread of the discounted return [S]. The
 *     statistics stand still within a rollout and its update.
 * 12. A truncated episode bootstraps from the value of its own last observation, a terminated one from 0 [S].
 */
import type { AnyBackend } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import type { EnvironmentSource, Space } from "@uphill/envs";
import { gaeAdvantages } from "@uphill/estimators";
import { scheduleValue } from "@uphill/nn";
import {
  divergenceError, newAgent, resumedAgent, RolloutCollector, RunningMeans,
} from "@uphill/training";
import type { Agent, AgentMaker, Iteration, Learner, Policy, Rollout, Snapshot } from "@uphill/training";
import { a2cOptions } from "./a2c-options.js";
import type { A2cOptions, A2cReport, A2cResolvedOptions } from "./a2c-options.js";
import { actorCriticUpdate } from "./internal/actor-critic-update.js";
import { PolicyShift } from "./internal/policy-shift.js";
import { ValueQuality } from "./internal/value-quality.js";

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * An A2C agent.
 *
 * @param options - `env`, `seed`, `backend` and {@link A2cSettings}; tuned ones are in `a2cPresets`.
 * @returns The agent, untrained; its environments are reset.
 * @throws OptionError naming an option that is unknown or out of its range.
 */
export function a2c<A extends Space>(options: A2cOptions<A>): Agent<A, A2cReport> {
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
export function resumeA2c<A extends Space>(
  checkpoint: Uint8Array,
  env: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, A2cReport> {
  return resumedAgent(maker, checkpoint, env, backend);
}

class A2cLearner<A extends Space> implements Learner<A, A2cReport> {
  readonly policy: Policy<A>;
  readonly #settings: A2cResolvedOptions;
  readonly #collector: RolloutCollector<A>;
  readonly #update: ReturnType<typeof actorCriticUpdate<AnyBackend>>;
  readonly #shift: PolicyShift;

  constructor(env: EnvironmentSource<A>, settings: A2cResolvedOptions, seed: number, backend: AnyBackend | undefined) {
    this.#settings = settings;
    this.#collector = new RolloutCollector({ env, algorithm: "a2c", settings, random: new Random(seed), backend });
    this.policy = this.#collector.model.policy;
    this.#update = actorCriticUpdate(settings, this.#collector.model, backend);
    this.#shift = new PolicyShift(this.#collector.model);
  }

  /** As many rollouts as there are between two reports. */
  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const { environments, rolloutSteps, gamma, lambda, updatesPerReport } = this.#settings;
    const learningRate = scheduleValue(this.#settings.learningRate, progress);
    const means = new RunningMeans(watchedNames);
    const quality = new ValueQuality();
    let [taken, klNats] = [0, NaN];
    for (let update = 0; update < updatesPerReport && taken < remainingSteps; update++) {
      // Phase 1: run the policy in N environments for T steps, with values of what came after the last step.
      const left = Math.ceil((remainingSteps - taken) / environments);
      const rollout = await this.#collector.collect(Math.min(rolloutSteps, left), pace);
      // Phase 2: advantages and value targets.
      gaeAdvantages({ ...rollout, gamma, lambda, out: rollout.advantages });
      for (let i = 0; i < rollout.returns.length; i++) rollout.returns[i] = rollout.advantages[i] + rollout.values[i];
      // Phase 3: one step of all parameters.
      await this.#learn(rollout, learningRate, steps + taken);
      taken += rollout.steps * environments;
      if (update === updatesPerReport - 1 || taken >= remainingSteps) klNats = this.#shift.klNats(rollout);
      this.#collector.updateScaling(rollout);
      means.add((name) => this.#update.scalar(name));
      quality.add(rollout);
    }
    // Phase 4: report.
    const report = { ...this.#collector.environments.report, ...means.values(), klNats, ...quality.metrics, learningRate };
    return { taken, report };
  }

  async #learn({ observations, actions, advantages, returns }: Rollout<A>, learningRate: number, steps: number): Promise<void> {
    const update = this.#update;
    await update.execute({ observation: observations, action: actions, advantage: advantages, valueTarget: returns, learningRate });
    if (!update.updatesApplied) throw divergenceError("a2c", watchedNames, (name) => update.scalar(name), steps);
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

const maker: AgentMaker<typeof a2cOptions, A2cReport> = {
  algorithm: "a2c",
  options: a2cOptions,
  learner: (env, settings, seed, backend) => new A2cLearner(env, settings, seed, backend),
};
