import { compile, input } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";
import { fillNoise } from "@uphill/distributions";
import type { ActionsOf, JsonValue, Space, VectorEnvironment } from "@uphill/envs";
import { noiseLength, withinBounds } from "@uphill/training";
import type { Pace, Policy, Rollout, RolloutCollector } from "@uphill/training";

/** How a vine grows. */
export interface VineSettings {
  /** T, steps of the trunk. */
  readonly rolloutSteps: number;
  readonly gamma: number;
  /** M, states of each environment that are branched from. */
  readonly vineStates: number;
  /** K, actions sampled in each of them; null for all of a discrete space. */
  readonly vineActions: number | null;
  /** L, steps of a branch at the most. */
  readonly vineSteps: number;
}

/** What branches from S states found, K in each. */
export interface VineSamples {
  /** Float32 `[S, observation size]`. */
  readonly observations: Float32Array;
  /** First actions of the branches: int32 `[S, K]`, or float32 `[S, K, size]`, as sampled, before any clipping. */
  readonly actions: Int32Array | Float32Array;
  /** `[S, K]`: log q(a | s) of what chose them, in nats; 0 where all actions were tried. */
  readonly logProposals: Float32Array;
  /** Q̂(s, a) less its mean over the state's actions, `[S, K]`. */
  readonly actionValues: Float64Array;
}

/** What a {@link Vine} grew. */
export interface VineRollout<A extends Space> {
  /** The trunk. */
  readonly rollout: Rollout<A>;
  /** The branches; null where the budget had no room for them. */
  readonly samples: VineSamples | null;
  /** Environment steps of both. */
  readonly taken: number;
}

/** A state of all environments, and what was seen in it. */
interface Fork {
  readonly state: JsonValue;
  readonly observations: Float32Array;
}

/**
 * Vine sampling: a trunk as the policy plays it, and from some of its states, restored, a branch for each of several
 * actions, played on by the policy with the same random numbers. (Schulman et al. 2015, section 5.2.)
 */
export class Vine<A extends Space> {
  /** K. */
  readonly actions: number;
  readonly #collector: RolloutCollector<A>;
  readonly #settings: VineSettings;
  readonly #stream: Random;
  readonly #branches: VectorEnvironment<A>;
  readonly #programs: ReturnType<typeof compilePrograms<A>>;
  readonly #noise: Float32Array;

  /** @throws OptionError where the environments cannot restore a state, or settings do not fit them. */
  constructor(collector: RolloutCollector<A>, settings: VineSettings, stream: Random) {
    const { policy } = collector.model;
    const { vector } = collector.environments;
    this.actions = actionsOf(policy, settings);
    if (!vector.savesState) {
      throw new OptionError(
        `sampling: expected "singlePath" for ${policy.environmentId}, which cannot restore a state: ` +
          "a vine needs environments with saveState and restoreState",
      );
    }
    this.#collector = collector;
    this.#settings = settings;
    this.#stream = stream;
    this.#branches = collector.environments.twin();
    this.#programs = compilePrograms(collector);
    this.#noise = new Float32Array(noiseLength(this.#programs.distribution, vector.count));
  }

  /**
   * Grows a trunk, and its branches where the budget has room for all of them.
   *
   * @param steps - Steps that the budget allows each environment.
   * @param pace - Lets the event loop turn between steps.
   */
  async grow(steps: number, pace: Pace): Promise<VineRollout<A>> {
    const { rolloutSteps, vineStates, vineSteps } = this.#settings;
    const { vector } = this.#collector.environments;
    const branches = rolloutSteps + vineStates * this.actions * vineSteps <= steps;
    const forks: Fork[] = [];
    let played = 0;
    const keepFork = (): boolean => {
      played++;
      if (branches && played === forkStep(forks.length, this.#settings)) {
        forks.push({ state: vector.saveState(), observations: vector.observations.slice() });
      }
      return false;
    };
    const rollout = await this.#collector.collect(Math.min(rolloutSteps, steps), pace, keepFork);
    const { samples, taken } = await this.#branch(forks, pace);
    return { rollout, samples, taken: (played + taken) * vector.count };
  }

  /** E[H(π(· | s))] over some states, nats. */
  entropy(observations: Float32Array): number {
    const { entropy } = this.#programs;
    entropy.execute({ observation: observations });
    return entropy.scalar("entropy");
  }

  close(): void {
    this.#branches.close();
  }

  async #branch(forks: readonly Fork[], pace: Pace): Promise<{ samples: VineSamples | null; taken: number }> {
    if (forks.length === 0) return { samples: null, taken: 0 };
    const { count, observationSpace, actionSpace } = this.#branches;
    const [width, states] = [this.actions, forks.length * count];
    const actionSize = actionSpace.kind === "discrete" ? 1 : actionSpace.size;
    const observations = new Float32Array(states * observationSpace.size);
    const actions = new (actionSpace.kind === "box" ? Float32Array : Int32Array)(states * width * actionSize);
    const logProposals = new Float32Array(states * width);
    const actionValues = new Float64Array(states * width);
    let taken = 0;
    for (const [index, fork] of forks.entries()) {
      observations.set(fork.observations, index * fork.observations.length);
      const firsts = Array.from({ length: width }, (_, k) => this.#firstActions(fork, k));
      // The same numbers for all branches of a state: what differs is the action.
      const numbers = this.#stream.state();
      for (const [k, first] of firsts.entries()) {
        this.#branches.restoreState(fork.state);
        this.#stream.restore(numbers);
        const found = await this.#play(first.environmentActions, pace);
        taken += found.taken;
        for (let n = 0; n < count; n++) {
          const place = (index * count + n) * width + k;
          for (let i = 0; i < actionSize; i++) actions[place * actionSize + i] = first.actions[n * actionSize + i];
          logProposals[place] = first.logProbabilities[n];
          actionValues[place] = found.returns[n];
        }
      }
    }
    centreRows(actionValues, width);
    return { samples: { observations, actions, logProposals, actionValues }, taken };
  }

  /** The k-th action of each environment in a state. */
  #firstActions({ observations }: Fork, k: number) {
    if (this.#settings.vineActions === null) {
      const actions = new Int32Array(this.#branches.count).fill(k) as ActionsOf<A>;
      return { actions, environmentActions: actions, logProbabilities: new Float32Array(this.#branches.count) };
    }
    const act = this.#act(observations);
    return {
      actions: act.view("action").slice() as ActionsOf<A>,
      environmentActions: act.view("environmentAction").slice() as ActionsOf<A>,
      logProbabilities: act.view("logProbability").slice() as Float32Array,
    };
  }

  /** Plays on from a first action: Q̂ of each environment, Σ γˡ r + γᴸ V of where the branch ends without terminating. */
  async #play(first: ActionsOf<A>, pace: Pace): Promise<{ returns: Float64Array; taken: number }> {
    const branches = this.#branches;
    const { gamma, vineSteps } = this.#settings;
    const [returns, discounts] = [new Float64Array(branches.count), new Float64Array(branches.count).fill(1)];
    const alive = new Uint8Array(branches.count).fill(1);
    const last = new Float32Array(branches.observations.length);
    let taken = 0;
    for (let actions = first; taken < vineSteps && alive.includes(1); taken++) {
      if (taken > 0) actions = this.#act(branches.observations).view("environmentAction") as ActionsOf<A>;
      branches.step(actions);
      const rewards = branches.rewards.slice();
      this.#collector.environments.scale(rewards);
      for (let n = 0; n < branches.count; n++) {
        if (alive[n] === 0) continue;
        returns[n] += discounts[n] * rewards[n];
        discounts[n] *= branches.terminated[n] === 0 ? gamma : 0;
        alive[n] = 1 - (branches.terminated[n] | branches.truncated[n]);
        copyRow(alive[n] === 1 ? branches.observations : branches.finalObservations, n, branches.observationSpace.size, last);
      }
      if (pace.due) await pace.turn();
    }
    this.#programs.value.execute({ observation: last });
    const values = this.#programs.value.view("value");
    for (let n = 0; n < branches.count; n++) returns[n] += discounts[n] * values[n];
    return { returns, taken };
  }

  #act(observations: Float32Array) {
    const { act, distribution } = this.#programs;
    const { policy } = this.#collector.model;
    policy.actionMask?.requireAllowed(policy.environmentId, observations);
    fillNoise(distribution.noise.kind, this.#stream, this.#noise);
    act.execute({ observation: observations, noise: this.#noise });
    return act;
  }
}

/** How many steps come before the i-th fork: forks stand in the middle of equal parts of the trunk. */
function forkStep(i: number, { rolloutSteps, vineStates }: VineSettings): number {
  return i < vineStates ? Math.max(i + 1, Math.floor(((i + 0.5) * rolloutSteps) / vineStates)) : Infinity;
}

/** Subtracts from each row its mean. */
function centreRows(values: Float64Array, width: number): void {
  for (let start = 0; start < values.length; start += width) {
    const row = values.subarray(start, start + width);
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    for (let k = 0; k < width; k++) row[k] -= mean;
  }
}

function copyRow(source: Float32Array, row: number, size: number, target: Float32Array): void {
  for (let i = row * size; i < (row + 1) * size; i++) target[i] = source[i];
}

/** How many actions are tried in a state. */
function actionsOf({ actionSpace, actionMask }: Policy, { vineActions, vineStates, rolloutSteps }: VineSettings): number {
  if (vineStates > rolloutSteps) {
    throw new OptionError(`vineStates: expected at most rolloutSteps = ${rolloutSteps}, got ${vineStates}`);
  }
  if (vineActions !== null) return vineActions;
  if (actionMask !== null) throw new OptionError("vineActions: expected a number of actions to sample where some are masked, got none");
  if (actionSpace.kind === "discrete") return actionSpace.n;
  throw new OptionError(`vineActions: expected a number of actions to sample from a ${actionSpace.kind} space, got none`);
}

/** Acting and valuing in branches, on the policy's store. */
function compilePrograms<A extends Space>({ model }: RolloutCollector<A>) {
  const { store, observationSpace, actionSpace } = model.policy;
  const observation = input("observation", ["batch", observationSpace.size]);
  const distribution = model.policy.distribution(observation);
  const noise = input("noise", distribution.noise.shape);
  const { value: action, logProbability } = distribution.sampleWithLogProbability(noise);
  const act = compile({
    inputs: { observation, noise },
    outputs: { action, environmentAction: withinBounds(action, actionSpace), logProbability },
    store,
  });
  const value = compile({ inputs: { observation }, outputs: { value: model.value(observation) }, store });
  const entropy = compile({ inputs: { observation }, outputs: { entropy: distribution.entropy().mean() }, store });
  return { act, value, entropy, distribution };
}
