/**
 * Deep deterministic policy gradients: a deterministic policy that climbs the critic's gradient, learned from replay.
 *
 * Papers: Lillicrap et al. 2016, "Continuous control with deep reinforcement learning" [P], algorithm 1; Silver et al.
 * 2014, "Deterministic Policy Gradient Algorithms", theorem 1.
 *
 * Details that matter in practice. [S] is Stable-Baselines3 2.9, whose defaults these are.
 *
 *  1. The critic learns y = r + γ Q̄(s′, μ̄(s′)), with target networks of both [P, equation 5].
 *  2. The policy ascends Q(s, μ(s)): ∇ₐQ · ∇μ, batch mean [P, equation 6].
 *  3. Target networks follow softly, θ̄ ← τ θ + (1 − τ) θ̄, with the new parameters [P]; or are copied every so many
 *     updates, with τ = 1.
 *  4. One update is one program: both losses, gradients and Adam from the same parameters, at once; [P] takes the
 *     critic's step first and the policy's after it.
 *  5. Actions explore by normal noise [S], or by an Ornstein–Uhlenbeck process [P], by Euler and Maruyama, from 0 in each
 *     episode; they are clipped to the bounds, as stored and as played.
 *  6. The first steps are random actions, uniform in the bounds, and no updates [S].
 *  7. An update for each environment step, from batches drawn uniformly with replacement [P].
 *  8. The critic sees actions on the scale of their bounds, [−1, 1], in its first layer [S]; in [P] in its second.
 *  9. The policy's outputs are squashed by tanh into the bounds, target actions too [P].
 * 10. One step size for both networks, uniform initial weights, no decay of weights and no batch normalisation [S].
 * 11. A truncated episode bootstraps from its own last observation; a terminated one does not [S].
 * 12. Targets may hold the rewards of n steps; they are not corrected for the policy having changed.
 */
import { compile, grad, input, stopGradient } from "@uphill/autodiff";
import type { AnyBackend, Store, Tensor } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { deterministic } from "@uphill/distributions";
import type { Box, EnvironmentSource, Space } from "@uphill/envs";
import { adam, globalNorm, scheduleValue } from "@uphill/nn";
import { divergenceError, newAgent, Policy, resumedAgent, RunningMeans } from "@uphill/training";
import type { Agent, AgentMaker, Iteration, Learner, Snapshot } from "@uphill/training";
import { deterministicActor } from "./internal/deterministic-actor.js";
import type { DeterministicActor } from "./internal/deterministic-actor.js";
import { NoisyActor } from "./internal/noisy-actor.js";
import { OffPolicyCollector } from "./internal/off-policy-collector.js";
import { qNetwork } from "./internal/q-network.js";
import type { NetworkShape } from "./internal/q-network.js";
import { startTargets, targetUpdates } from "./internal/target-network.js";
import { ddpgOptions } from "./ddpg-options.js";
import type { DdpgOptions, DdpgReport, DdpgResolvedOptions } from "./ddpg-options.js";

// Loss ---------------------------------------------------------------------------------------------------------------

/** One number a transition, each float32 `["batch"]`. */
export interface DdpgLossInputs {
  /** Q(s, a) of what was stored. */
  readonly storedQ: Tensor;
  /** r + γ Q̄(s′, μ̄(s′)), what it learns. */
  readonly target: Tensor;
  /** Q(s, μ(s)). */
  readonly policyQ: Tensor;
}

/**
 * DDPG's losses, each a scalar:
 *
 *     critic  E[(Q(s, a) − y)²],        policy  −E[Q(s, μ(s))]
 *
 * Gradients flow through `storedQ` in the first; through `policyQ` in the second, which is for the policy's parameters
 * alone. (Lillicrap et al. 2016, equations 4 and 6.)
 *
 * @param inputs - One number a transition; see {@link DdpgLossInputs}.
 * @returns `criticLoss` and `policyLoss`.
 * @throws ShapeError where inputs differ in shape.
 */
export function ddpgLosses({ storedQ, target, policyQ }: DdpgLossInputs) {
  return { criticLoss: storedQ.sub(stopGradient(target)).square().mean(), policyLoss: policyQ.mean().neg() };
}

// State and update ---------------------------------------------------------------------------------------------------

interface UpdateParts {
  readonly store: Store;
  readonly actor: DeterministicActor;
  readonly shape: NetworkShape;
  readonly random: Random;
  readonly backend: AnyBackend | undefined;
  scaled(observation: Tensor): Tensor;
}

/** Both losses, gradients, Adam and the target networks' moves, as one program. */
function compileUpdate({ store, actor, shape, random, backend, scaled }: UpdateParts) {
  const { observationSize, box } = shape;
  const fed = {
    observation: input("observation", ["batch", observationSize]),
    action: input("action", ["batch", box.size]),
    reward: input("reward", ["batch"]),
    discount: input("discount", ["batch"]),
    nextObservation: input("nextObservation", ["batch", observationSize]),
    learningRate: input("learningRate", []),
    targetRate: input("targetRate", []),
  };
  const [seen, nextSeen] = [scaled(fed.observation), scaled(fed.nextObservation)];
  const critic = qNetwork(random, "critic", shape);
  const targetCritic = qNetwork(random, "targetCritic", shape);
  const targetActor = deterministicActor(random, "targetPolicy", shape);

  const nextQ = targetCritic.value(nextSeen, targetActor.action(nextSeen));
  const target = fed.reward.add(fed.discount.mul(nextQ));
  const storedQ = critic.value(seen, fed.action);
  const policyQ = critic.value(seen, actor.action(seen));
  const { criticLoss, policyLoss } = ddpgLosses({ storedQ, target, policyQ });

  const parameters = [...critic.parameters, ...actor.parameters];
  const targets = [...targetCritic.parameters, ...targetActor.parameters];
  startTargets(store, parameters, targets);
  const gradients = [...grad(criticLoss, critic.parameters), ...grad(policyLoss, actor.parameters)];
  const gradientNorm = globalNorm(gradients);
  const steps = adam(parameters, gradients, { learningRate: fed.learningRate, gradientNorm });
  return compile({
    inputs: fed,
    outputs: { criticLoss, policyLoss, meanQ: storedQ.mean(), gradientNorm },
    updates: [...steps, ...targetUpdates(targets, parameters, steps, fed.targetRate)],
    store,
    backend,
  });
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * A DDPG agent.
 *
 * @param options - `env`, `seed`, `backend` and {@link DdpgSettings}; tuned ones are in `ddpgPresets`.
 * @returns The agent, untrained; its environments are reset.
 * @throws OptionError naming an option that is unknown or out of its range, a batch larger than the buffer, or an
 *   environment whose actions are not numbers within bounds.
 */
export function ddpg<A extends Box>(options: DdpgOptions<A>): Agent<A, DdpgReport> {
  return newAgent(maker, options);
}

/**
 * The agent that {@link Agent.checkpoint} stored, its replay buffer included; it goes on to the same bits as one that
 * never stopped.
 *
 * @param checkpoint - The file's bytes.
 * @param env - The environment that it was trained on.
 * @param backend - What runs the updates; WebAssembly by default.
 * @returns The agent, at the end of the iteration that the checkpoint was taken after.
 * @throws FormatError where the bytes are damaged, of another algorithm, or of an environment of another name.
 */
export function resumeDdpg<A extends Box>(
  checkpoint: Uint8Array,
  env: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, DdpgReport> {
  return resumedAgent(maker, checkpoint, env, backend);
}

class DdpgLearner<A extends Space> implements Learner<A, DdpgReport> {
  readonly policy: Policy<A>;
  readonly #settings: DdpgResolvedOptions;
  readonly #collector: OffPolicyCollector<A>;
  readonly #actor: NoisyActor<A>;
  readonly #update: ReturnType<typeof compileUpdate>;
  readonly #streams: Readonly<Record<"exploration", Random>>;
  #count = 0;

  constructor(env: EnvironmentSource<A>, settings: DdpgResolvedOptions, seed: number, backend: AnyBackend | undefined) {
    const random = new Random(seed);
    const collector = new OffPolicyCollector({ env, settings, random });
    const { store, box, environmentId } = collector;
    const { vector } = collector.environments;
    const { observationSpace, actionSpace } = vector;
    const shape = { ...settings, observationSize: observationSpace.size, box };
    const actor = deterministicActor(random, "policy", shape);
    const scaled = (observation: Tensor): Tensor => collector.scaled(observation);
    const distribution = (observation: Tensor) => deterministic({ point: actor.action(scaled(observation)) });
    this.policy = new Policy({ environmentId, algorithm: "ddpg", observationSpace, actionSpace, store, distribution });
    this.#settings = settings;
    this.#collector = collector;
    this.#update = compileUpdate({ store, actor, shape, random, backend, scaled });
    this.#actor = new NoisyActor(this.policy, box, vector, settings);
    this.#streams = { exploration: random.split("exploration") };
  }

  /** One iteration: steps of the environments, and after each the updates that are due. */
  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const { stepsPerReport, environments } = this.#settings;
    const learningRate = scheduleValue(this.#settings.learningRate, progress);
    const means = new RunningMeans(watchedNames);
    const end = Math.min(stepsPerReport, remainingSteps);
    let taken = 0;
    for (; taken < end; taken += environments) {
      // Phase 1: act in all environments, and store what happened.
      const due = this.#collector.step((observations) => this.#actor.act(observations, this.#streams.exploration));
      // Phase 2: learn from batches of what is stored.
      for (let k = 0; k < due; k++) {
        await this.#learn(learningRate, steps);
        means.add((name) => this.#update.scalar(name));
        if (pace.due) await pace.turn();
      }
      if (pace.due) await pace.turn();
    }
    this.#collector.updateScaling();
    // Phase 3: report.
    return { taken, report: { ...this.#collector.environments.report, updates: this.#count, ...means.values(), learningRate } };
  }

  async #learn(learningRate: number, steps: number): Promise<void> {
    const { targetRate, targetInterval } = this.#settings;
    const batch = this.#collector.sample();
    this.#count++;
    await this.#update.execute({
      observation: batch.observations,
      action: batch.actions,
      reward: batch.rewards,
      discount: batch.discounts,
      nextObservation: batch.nextObservations,
      learningRate,
      targetRate: this.#count % targetInterval === 0 ? targetRate : 0,
    });
    if (this.#update.updatesApplied) return;
    throw divergenceError(`ddpg update ${this.#count}`, watchedNames, (name) => this.#update.scalar(name), steps);
  }

  capture(): Snapshot {
    const own: OwnState = { updates: this.#count, noise: [...this.#actor.noise] };
    return this.#collector.capture(this.#streams, own);
  }

  restore(snapshot: Snapshot): void {
    const { updates, noise } = this.#collector.restore(snapshot, this.#streams) as OwnState;
    this.#count = updates;
    this.#actor.noise.set(noise);
  }

  close(): void {
    this.#collector.environments.close();
  }
}

const maker: AgentMaker<typeof ddpgOptions, DdpgReport> = {
  algorithm: "ddpg",
  options: ddpgOptions,
  learner: (env, settings, seed, backend) => new DdpgLearner(env, settings, seed, backend),
};

type OwnState = { readonly updates: number; readonly noise: readonly number[] };

const watchedNames = ["criticLoss", "policyLoss", "meanQ", "gradientNorm"] as const;
