import { requireArray, requireInteger, StateError } from "@uphill/core-math";
import type { ActionsOf, Space, VectorEnvironment } from "@uphill/envs";
import { copyFinite, type Numbers } from "../internal/copy-finite.js";
import { FinalObservations } from "./final-observations.js";
import { emptyRollout, firstRows, type Rollout } from "./rollout.js";

/** What the policy did at one step of N environments. */
export interface Decisions<A extends Space = Space> {
  /** Float32 `[N, observation size]`: what it acted on. */
  readonly observations: ArrayLike<number>;
  /** As sampled: int32 `[N]`, or float32 `[N, size]`. */
  readonly actions: ActionsOf<A>;
  /** `[N]`: log π(a | s), in nats. */
  readonly logProbabilities: ArrayLike<number>;
  /** `[N]`: V(s). */
  readonly values: ArrayLike<number>;
}

/** What N environments answered; a `VectorEnvironment` after its step is one. */
export type Outcomes = Pick<VectorEnvironment, "rewards" | "terminated" | "truncated" | "finalObservations">;

/** What a buffer needs to know of the environments; a `VectorEnvironment` is one. */
export type RecordedEnvironments<A extends Space = Space> = Pick<
  VectorEnvironment<A>,
  "count" | "observationSpace" | "actionSpace"
>;

/**
 * Memory for a rollout of up to T steps of N environments, allocated once.
 *
 * Each step is recorded in two halves, since `step` overwrites the observations that the policy acted on:
 * `recordDecisions`, then the environments' step, then `recordOutcomes`. Where an episode is truncated and not
 * terminated, the buffer keeps its final observation. After the last step `bootstrapObservations` lists every
 * observation whose value is still missing, `setBootstrapValues` takes the values, and `rollout` is complete: the value
 * that follows step t is V(final observation) where truncated, 0 where terminated, V(s_{t+1}) elsewhere.
 *
 * After an error in one of the record methods, `clear` it: the step is then recorded in part.
 *
 * @typeParam A - The action space.
 */
export class RolloutBuffer<A extends Space = Space> {
  /** T: how many steps there is room for. */
  readonly capacity: number;
  /** N. */
  readonly environments: number;
  readonly #memory: Rollout<A>;
  readonly #finals: FinalObservations;
  #filled: Rollout<A>;
  #steps = 0;
  #decided = false;
  #bootstrapped = false;

  /**
   * @param environments - The vector environment that will be recorded.
   * @param capacity - T, at least 1.
   * @throws OptionError where a size is no positive integer.
   */
  constructor(environments: RecordedEnvironments<A>, capacity: number) {
    this.capacity = requireInteger("capacity", capacity, { least: 1 });
    this.environments = requireInteger("environments.count", environments.count, { least: 1 });
    const observationSize = environments.observationSpace.size;
    this.#memory = emptyRollout(this.capacity, this.environments, observationSize, environments.actionSpace);
    this.#filled = this.#memory;
    this.#finals = new FinalObservations(observationSize, 2 * this.environments);
  }

  /** How many steps are recorded. */
  get steps(): number {
    return this.#steps;
  }

  /** Whether there is room for no further step. */
  get full(): boolean {
    return this.#steps === this.capacity;
  }

  /** Forgets what is recorded. */
  clear(): void {
    this.#steps = 0;
    this.#decided = false;
    this.#bootstrapped = false;
    this.#finals.clear();
  }

  /**
   * Records the first half of a step: what the policy saw and did.
   *
   * @param decisions - Copied.
   * @throws StateError where the buffer is full or the last step's outcomes are missing; ShapeError, OptionError for an
   *   array of the wrong length or kind; NumericalError for NaN or an infinity.
   */
  recordDecisions(decisions: Decisions<A>): void {
    if (this.full)
      throw new StateError(`recordDecisions: expected room for a step, got a buffer full with ${this.capacity}`);
    if (this.#decided)
      throw new StateError("recordDecisions: expected recordOutcomes of the last step first, got none");
    this.#copyRow("observations", decisions.observations, this.#memory.observations);
    this.#copyRow("actions", decisions.actions, this.#memory.actions);
    this.#copyRow("logProbabilities", decisions.logProbabilities, this.#memory.logProbabilities);
    this.#copyRow("values", decisions.values, this.#memory.values);
    this.#decided = true;
  }

  /**
   * Records the second half of a step: what the environments answered.
   *
   * @param outcomes - The vector environment after its step; copied.
   * @param rewards - `[N]`: rewards to record in place of the environments' own, such as normalised ones.
   * @throws StateError where `recordDecisions` did not come first; ShapeError, OptionError for an array of the wrong
   *   length or kind; NumericalError for NaN or an infinity.
   */
  recordOutcomes(outcomes: Outcomes, rewards: ArrayLike<number> = outcomes.rewards): void {
    if (!this.#decided) throw new StateError("recordOutcomes: expected recordDecisions first, got none");
    const { terminated, truncated, finalObservations } = outcomes;
    this.#copyRow("rewards", rewards, this.#memory.rewards);
    this.#copyRow("terminated", terminated, this.#memory.terminated);
    this.#copyRow("truncated", truncated, this.#memory.truncated);
    const row = this.#steps * this.environments;
    for (let i = 0; i < this.environments; i++) {
      if (truncated[i] !== 0 && terminated[i] === 0) this.#finals.add(row + i, finalObservations, i);
    }
    this.#steps++;
    this.#decided = false;
    this.#bootstrapped = false;
  }

  /**
   * The observations whose values the rollout still needs: the final ones of truncated episodes, then those that the
   * environments show now.
   *
   * @param observations - Float32 `[N, observation size]`: the vector environment's `observations`.
   * @returns Float32 `[K, observation size]`, K ≥ N; valid until the buffer is written again.
   * @throws StateError where no whole step is recorded; ShapeError, NumericalError as above.
   */
  bootstrapObservations(observations: ArrayLike<number>): Float32Array {
    this.#requireWholeSteps("bootstrapObservations");
    return this.#finals.followedBy(observations, this.environments);
  }

  /**
   * Completes the rollout's `nextValues`.
   *
   * @param values - `[K]`: the values of {@link bootstrapObservations}, in the same order.
   * @throws StateError where no whole step is recorded; ShapeError where the length is not K; NumericalError for NaN or
   *   an infinity.
   */
  setBootstrapValues(values: ArrayLike<number>): void {
    this.#requireWholeSteps("setBootstrapValues");
    const { positions } = this.#finals;
    const count = this.#steps * this.environments;
    const bootstrap = new Float64Array(positions.length + this.environments);
    copyFinite("values", requireArray("values", values), bootstrap, 0, bootstrap.length);
    const { nextValues, terminated } = this.#memory;
    nextValues.set(this.#memory.values.subarray(this.environments, count));
    nextValues.set(bootstrap.subarray(positions.length), count - this.environments);
    positions.forEach((position, k) => (nextValues[position] = bootstrap[k]));
    for (let index = 0; index < count; index++) if (terminated[index] !== 0) nextValues[index] = 0;
    this.#bootstrapped = true;
  }

  /**
   * The recorded steps, shorter than the buffer's capacity where it is not full: views of the buffer's memory, valid
   * until it is written again.
   *
   * @throws StateError where `setBootstrapValues` has not completed it.
   */
  rollout(): Rollout<A> {
    if (!this.#bootstrapped) throw new StateError("rollout: expected setBootstrapValues first, got none");
    if (this.#filled.steps !== this.#steps) this.#filled = firstRows(this.#memory, this.#steps);
    return this.#filled;
  }

  #requireWholeSteps(method: string): void {
    if (this.#steps > 0 && !this.#decided) return;
    const came = this.#decided ? "a step without its outcomes" : "none";
    throw new StateError(`${method}: expected at least one step and all of them whole, got ${came}`);
  }

  #copyRow(argument: string, source: ArrayLike<number>, target: Numbers): void {
    const length = target.length / this.capacity;
    copyFinite(argument, source, target, this.#steps * length, length);
  }
}
