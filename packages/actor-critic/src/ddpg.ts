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
 *  6. The first steps are random actions, uniform in the bounds, and no updates [S]; nor are there any
 *     before the buffer holds a batch, which [S] would draw from fewer.
 *  7. An update for each environment step, from batches drawn uniformly with replacement [P]; or by the size of
 *     the critics' errors, which importance weights then undo (Schaul et al. 2016, "Prioritized Experience Replay").
 *  8. The critic sees actions on the scale of their bounds, [−1, 1], in its first layer [S]; in [P] in its second.
 *  9. The policy's outputs are squashed by tanh into the bounds, target actions too [P].
 * 10. One step size for both networks, uniform initial weights, no decay of weights and no batch normalisation [S].
 * 11. A truncated episode bootstraps from its own last observation; a terminated one does not [S].
 * 12. Targets may hold the rewards of n steps; they are not corrected for the policy having changed.
 */
import { compile, grad, input } from "@uphill/autodiff";
import type { AnyBackend, Tensor } from "@uphill/autodiff";
import type { Random } from "@uphill/core-math";
import { deterministic } from "@uphill/distributions";
import type { Box, EnvironmentSource, Space } from "@uphill/envs";
import { adam, globalNorm, scheduleValue } from "@uphill/nn";
import { divergenceError, newAgent, Policy, resumedAgent, RunningMeans } from "@uphill/training";
import type { Agent, AgentMaker, Iteration, Learner, ReplayBatch, Snapshot } from "@uphill/training";
import { criticLosses } from "./internal/critic-loss.js";
import { deterministicActor } from "./internal/deterministic-actor.js";
import type { DeterministicActor } from "./internal/deterministic-actor.js";
import { NoisyActor } from "./internal/noisy-actor.js";
import { offPolicyMaker } from "./internal/off-policy-maker.js";
import type { LearnerParts, UpdateParts } from "./internal/off-policy-maker.js";
import { qNetwork } from "./internal/q-network.js";
import { startTargets, targetUpdates } from "./internal/target-network.js";
import { transitionFeeds, transitionInputs } from "./internal/transition-inputs.js";
import type { TransitionSource } from "./internal/transition-source.js";
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
  /** w, importance weights of what was stored; 1 where left out. */
  readonly weight?: Tensor;
}

/**
 * DDPG's losses, each a scalar:
 *
 *     critic  E[w (Q(s, a) − y)²],        policy  −E[Q(s, μ(s))]
 *
 * Gradients flow through `storedQ` in the first; through `policyQ` in the second, which is for the policy's parameters
 * alone. (Lillicrap et al. 2016, equations 4 and 6.)
 *
 * @param inputs - One number a transition; see {@link DdpgLossInputs}.
 * @returns `criticLoss`, `policyLoss`, and the `errors` |Q(s, a) − y|, `["batch"]`.
 * @throws ShapeError where inputs differ in shape.
 */
export function ddpgLosses({ storedQ, target, policyQ, weight }: DdpgLossInputs) {
  return { ...criticLosses([storedQ], target, weight), policyLoss: policyQ.mean().neg() };
}

// State and update ---------------------------------------------------------------------------------------------------

/** Both losses, gradients, Adam and the target networks' moves, as one program. */
function compileUpdate({ memory, actor, shape, random, backend }: UpdateParts<DeterministicActor, DdpgResolvedOptions>) {
  const fed = { ...transitionInputs(shape), learningRate: input("learningRate", []), targetRate: input("targetRate", []) };
  const [seen, nextSeen] = [memory.scaled(fed.observation), memory.scaled(fed.nextObservation)];
  const critic = qNetwork(random, "critic", shape);
  const targetCritic = qNetwork(random, "targetCritic", shape);
  const targetActor = deterministicActor(random, "targetPolicy", shape);

  const nextQ = targetCritic.value(nextSeen, targetActor.action(nextSeen));
  const target = fed.reward.add(fed.discount.mul(nextQ));
  const storedQ = critic.value(seen, fed.action);
  const policyQ = critic.value(seen, actor.action(seen));
  const { criticLoss, policyLoss, errors } = ddpgLosses({ storedQ, target, policyQ, weight: fed.weight });

  const parameters = [...critic.parameters, ...actor.parameters];
  const targets = [...targetCritic.parameters, ...targetActor.parameters];
  startTargets(memory.store, parameters, targets);
  const gradients = [...grad(criticLoss, critic.parameters), ...grad(policyLoss, actor.parameters)];
  const gradientNorm = globalNorm(gradients);
  const steps = adam(parameters, gradients, { learningRate: fed.learningRate, gradientNorm });
  return compile({
    inputs: fed,
    outputs: { criticLoss, policyLoss, meanQ: storedQ.mean(), gradientNorm, errors },
    updates: [...steps, ...targetUpdates(targets, parameters, steps, fed.targetRate)],
    store: memory.store,
    backend,
  });
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * A DDPG agent.
 *
 * @param options - `env`, or `transitions` in its place; `seed`, `backend` and {@link DdpgSettings}; tuned ones are in `ddpgPresets`.
 * @returns The agent, untrained; its environments are reset. Where it learns from `transitions` alone, its steps are
 *   updates.
 * @throws OptionError naming an option that is unknown or out of its range, a batch larger than the buffer, or `env` or
 *   `transitions` where actions are not numbers within finite bounds.
 */
export function ddpg<A extends Box>(options: DdpgOptions<A>): Agent<A, DdpgReport> {
  return newAgent(maker, options);
}

/**
 * The agent that {@link Agent.checkpoint} stored, its replay buffer included; it goes on to the same bits as one that
 * never stopped.
 *
 * @param checkpoint - The file's bytes.
 * @param env - The environment that it was trained on; it may be left out where that was none.
 * @param backend - What runs the updates; WebAssembly by default.
 * @returns The agent, at the end of the iteration that the checkpoint was taken after.
 * @throws FormatError where the bytes are damaged, of another algorithm, or of an environment of another name.
 */
export function resumeDdpg<A extends Box>(
  checkpoint: Uint8Array,
  env?: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, DdpgReport> {
  return resumedAgent(maker, checkpoint, env, backend);
}

class DdpgLearner<A extends Space> implements Learner<A, DdpgReport> {
  readonly policy: Policy<A>;
  readonly #settings: DdpgResolvedOptions;
  readonly #source: TransitionSource<A>;
  readonly #actor: NoisyActor<A>;
  readonly #update: ReturnType<typeof compileUpdate>;
  readonly #streams: Readonly<Record<"exploration", Random>>;
  #count = 0;

  constructor({ source, settings, random, backend }: LearnerParts<A, DdpgResolvedOptions>) {
    const { memory, box, environmentId, observationSpace, actionSpace } = source;
    const shape = { ...settings, observationSize: observationSpace.size, box };
    const actor = deterministicActor(random, "policy", shape);
    const distribution = (observation: Tensor) => deterministic({ point: actor.action(memory.scaled(observation)) });
    this.policy = new Policy({ environmentId, algorithm: "ddpg", observationSpace, actionSpace, store: memory.store, distribution });
    this.#settings = settings;
    this.#source = source;
    this.#update = compileUpdate({ settings, memory, actor, shape, random, backend });
    this.#actor = new NoisyActor(this.policy, box, source.count, settings);
    this.#streams = { exploration: random.split("exploration") };
  }

  /** One iteration: steps of the environments, and after each the updates that are due. */
  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const source = this.#source;
    const learningRate = scheduleValue(this.#settings.learningRate, progress);
    const means = new RunningMeans(watchedNames);
    const end = Math.min(this.#settings.stepsPerReport, remainingSteps);
    let taken = 0;
    for (; taken < end; taken += source.count) {
      // Phase 1: act in all environments, and store what happened.
      const due = source.step((environments) => this.#actor.act(environments, this.#streams.exploration));
      // Phase 2: learn from batches of what is stored.
      for (let k = 0; k < due; k++) {
        await this.#learn(source.memory.sample(progress), learningRate, steps);
        means.add((name) => this.#update.scalar(name));
        if (pace.due) await pace.turn();
      }
      if (pace.due) await pace.turn();
    }
    source.memory.updateScaling();
    // Phase 3: report.
    return { taken, report: { ...source.report, updates: this.#count, ...means.values(), learningRate } };
  }

  async #learn(batch: ReplayBatch<A>, learningRate: number, steps: number): Promise<void> {
    const { targetRate, targetInterval } = this.#settings;
    this.#count++;
    const moved = this.#count % targetInterval === 0 ? targetRate : 0;
    await this.#update.execute({ ...transitionFeeds(batch), learningRate, targetRate: moved });
    if (!this.#update.updatesApplied) {
      throw divergenceError(`ddpg update ${this.#count}`, watchedNames, (name) => this.#update.scalar(name), steps);
    }
    this.#source.memory.setErrors(this.#update.view("errors"));
  }

  capture(): Snapshot {
    const own: OwnState = { updates: this.#count, noise: [...this.#actor.noise] };
    return this.#source.capture(this.#streams, own);
  }

  restore(snapshot: Snapshot): void {
    const { updates, noise } = this.#source.restore(snapshot, this.#streams) as OwnState;
    this.#count = updates;
    this.#actor.noise.set(noise);
  }

  close(): void {
    this.#source.close();
  }
}

const maker: AgentMaker<typeof ddpgOptions, DdpgReport> = offPolicyMaker("ddpg", ddpgOptions, (parts) => new DdpgLearner(parts));

type OwnState = { readonly updates: number; readonly noise: readonly number[] };

const watchedNames = ["criticLoss", "policyLoss", "meanQ", "gradientNorm"] as const;
