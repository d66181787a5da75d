import { expectation, OptionError, requireArray, requireInteger, requireNumber, requireObject, StateError } from "@uphill/core-math";
import type { Box, Space } from "@uphill/envs";
import type { Snapshot } from "../agent/loop-body.js";
import { copyFinite, type Numbers } from "../internal/copy-finite.js";
import type { RecordedEnvironments } from "../rollout/rollout-buffer.js";
import { gatherEnd, gatherStart } from "./gather.js";
import type { Ring } from "./gather.js";
import { KeptObservations } from "./kept-observations.js";
import { APART, ReplayRows, TERMINATED, TRUNCATED } from "./replay-rows.js";
import { readReplay, replaySnapshot } from "./replay-snapshot.js";
import { emptyReplayBatch } from "./transitions.js";
import type { ReplayBatch, ReplayDecisions, ReplayOutcomes, Transitions } from "./transitions.js";

/** How a {@link ReplayBuffer} is made. */
export interface ReplayBufferOptions {
  /** How many transitions it holds, over all environments; the oldest make room for new ones. */
  readonly capacity: number;
  /** How many may be recorded after a `capture` while what it gave can still be read. Default 0. */
  readonly spare?: number;
  /** Whether log μ(a | s) is kept. Default false. */
  readonly keepsLogProbabilities?: boolean;
}

/** What a transition of a batch reaches over. */
export interface GatherOptions {
  /** γ, discount of future rewards, in [0, 1]. */
  readonly gamma: number;
  /** n: steps that a transition reaches over at the most, at least 1. Default 1. */
  readonly steps?: number;
}

/** Ranges that are asked for with each batch: made once. */
const DISCOUNTS = { least: 0, most: 1 };
const STEPS = { least: 1 };

/**
 * Memory for the last transitions of N environments, as a struct of arrays in float32, allocated once.
 *
 * Row i is a transition of environment i mod N. Its next observation is stored only where it is not the observation of
 * row i + N: at the ends of episodes, truncated ones included, and where a stream was broken off. Every transition comes
 * back as it went in.
 *
 * A step is recorded in two halves, since `step` overwrites the observations that were acted on: `recordDecisions`, the
 * environments' step, `recordOutcomes`; or at once, by `add`.
 *
 * @typeParam A - The action space.
 */
export class ReplayBuffer<A extends Space = Space> {
  /** How many transitions it holds at the most: a multiple of {@link environments}. */
  readonly capacity: number;
  /** N. */
  readonly environments: number;
  /** Elements of an observation. */
  readonly observationSize: number;
  /** The space of observations. */
  readonly observationSpace: Box;
  /** The space of actions. */
  readonly actionSpace: A;
  /** Whether log μ(a | s) is kept. */
  readonly keepsLogProbabilities: boolean;
  readonly #ring: Ring<A>;
  /** The first row of all: 0, but in a buffer that was restored. */
  #start = 0;
  #decided = false;

  /**
   * @param environments - The vector environment that will be recorded, or its count and spaces.
   * @param options - See {@link ReplayBufferOptions}.
   * @throws OptionError where a size is no positive integer, or the capacity is below the number of environments.
   */
  constructor(environments: RecordedEnvironments<A>, options: ReplayBufferOptions) {
    requireObject("options", options);
    const count = requireInteger("environments.count", environments.count, { least: 1 });
    const capacity = requireInteger("capacity", options.capacity, { least: count, most: 2 ** 30 });
    const spare = requireInteger("spare", options.spare ?? 0, { least: 0, most: 2 ** 30 });
    this.environments = count;
    this.capacity = capacity - (capacity % count);
    this.observationSize = environments.observationSpace.size;
    this.observationSpace = environments.observationSpace;
    this.actionSpace = environments.actionSpace;
    this.keepsLogProbabilities = options.keepsLogProbabilities ?? false;
    const places = this.capacity + Math.ceil(spare / count) * count;
    this.#ring = {
      environments: count,
      observationSize: this.observationSize,
      rows: new ReplayRows(places, this.observationSize, this.actionSpace, this.keepsLogProbabilities),
      kept: new KeptObservations(this.observationSize),
      latest: new Float32Array(count * this.observationSize),
      end: 0,
    };
  }

  /** How many transitions it holds now. */
  get size(): number {
    return this.#ring.end - this.first;
  }

  /** The oldest transition's row. */
  get first(): number {
    return Math.max(this.#start, this.#ring.end - this.capacity);
  }

  /** The row after the newest transition's. */
  get end(): number {
    return this.#ring.end;
  }

  /** Bytes of all its arrays. */
  get bytes(): number {
    return this.#ring.rows.bytes + this.#ring.kept.bytes + this.#ring.latest.byteLength;
  }

  /** Room for `size` transitions, for {@link gather}. @throws OptionError where `size` is no positive integer. */
  emptyBatch(size: number): ReplayBatch<A> {
    requireInteger("size", size, { least: 1 });
    return emptyReplayBatch(size, this.observationSize, this.actionSpace, this.keepsLogProbabilities);
  }

  /**
   * Records the first half of a step: what was seen and done.
   *
   * @param decisions - Copied.
   * @throws StateError where the outcomes of the last step are missing; OptionError, ShapeError for an array of another
   *   kind or length; NumericalError for NaN or an infinity.
   */
  recordDecisions({ observations, actions, logProbabilities }: ReplayDecisions<A>): void {
    if (this.#decided) throw new StateError("recordDecisions: expected recordOutcomes of the last step first, got none");
    this.#copyRows("observations", observations, this.#ring.rows.observations);
    this.#copyRows("actions", actions, this.#ring.rows.actions);
    if (this.keepsLogProbabilities) {
      this.#copyRows("logProbabilities", logProbabilities as ArrayLike<number>, this.#ring.rows.logProbabilities);
    }
    this.#ring.kept.dropBelow(this.#ring.end + this.environments - this.#ring.rows.places);
    if (this.size > 0) this.#keepWhatIsNotFollowed();
    this.#decided = true;
  }

  /**
   * Records the second half of a step: what the environments answered.
   *
   * @param outcomes - The vector environment after its step; copied.
   * @param rewards - `[N]`: rewards to record in place of the environments' own.
   * @throws StateError where `recordDecisions` did not come first; else as it.
   */
  recordOutcomes(outcomes: ReplayOutcomes, rewards: ArrayLike<number> = outcomes.rewards): void {
    const { observations, finalObservations, terminated, truncated } = outcomes;
    this.#recordEnds({ terminated, truncated, rewards, nextObservations: observations });
    const size = this.observationSize;
    for (let i = 0; i < this.environments; i++) {
      if (terminated[i] === 0 && truncated[i] === 0) continue;
      const final = finalObservations.subarray(i * size, (i + 1) * size);
      copyFinite(`finalObservations of environment ${i}`, final, this.#ring.latest, i * size, size);
    }
    this.#finishStep();
  }

  /**
   * Records N transitions, one of each environment. They need not follow those before.
   *
   * @param transitions - Copied.
   * @throws OptionError, ShapeError for an array of another kind or length; NumericalError for NaN or an infinity. Then
   *   nothing is recorded.
   */
  add(transitions: Transitions<A>): void {
    this.recordDecisions(transitions);
    try {
      this.#recordEnds(transitions);
      this.#finishStep();
    } finally {
      this.#decided = false;
    }
  }

  /**
   * Copies the transitions that `batch.rows` names into the batch. Allocates nothing.
   *
   * @param batch - Made by {@link emptyBatch}: its `rows` are read, all else but `weights` is written.
   * @param options - See {@link GatherOptions}.
   * @throws OptionError for a row that the buffer does not hold, or an option out of its range.
   */
  gather(batch: ReplayBatch<A>, { gamma, steps = 1 }: GatherOptions): void {
    requireNumber("gamma", gamma, DISCOUNTS);
    requireInteger("steps", steps, STEPS);
    const { first, end } = this;
    for (let b = 0; b < batch.size; b++) {
      const row = batch.rows[b];
      if (!(row >= first && row < end)) {
        throw new OptionError(expectation(`rows[${b}]`, `a row from ${first} to ${end - 1}`, row));
      }
      gatherStart(this.#ring, row, batch, b);
      gatherEnd(this.#ring, row, batch, b, gamma, steps);
    }
  }

  /**
   * All that it holds. Its tensors are copied when they are read, at the latest after `spare` more transitions.
   *
   * @returns A snapshot for {@link restore}. Reading its tensors later than that throws StateError.
   */
  capture(): Snapshot {
    const moment = { ...this.#ring, latest: this.#ring.latest.slice() };
    const writtenTo = (): number => this.#ring.end + (this.#decided ? this.environments : 0);
    return replaySnapshot(moment, this.first, writtenTo);
  }

  /**
   * Goes back to what {@link capture} gave, of this buffer or of another for the same environments.
   *
   * @param snapshot - Of no more transitions than this one has room for.
   * @throws FormatError where it is damaged, or of other environments; then nothing has changed.
   */
  restore(snapshot: Snapshot): void {
    const { first, end, latest, keptRows, kept, columns } = readReplay(snapshot, this);
    this.#ring.rows.write(columns, first, end - first);
    this.#ring.kept.dropBelow(Infinity);
    keptRows.forEach((row, k) => this.#ring.kept.add(row, kept, k * this.observationSize));
    this.#ring.latest.set(latest);
    this.#start = first;
    this.#ring.end = end;
    this.#decided = false;
  }

  #copyRows(argument: string, source: ArrayLike<number>, target: Numbers): void {
    const { places } = this.#ring.rows;
    const width = target.length / places;
    copyFinite(argument, source, target, (this.#ring.end % places) * width, this.environments * width);
  }

  /** Keeps what the last step led to, where the step that now begins does not show it. */
  #keepWhatIsNotFollowed(): void {
    const size = this.observationSize;
    const { places, observations, flags } = this.#ring.rows;
    for (let i = 0; i < this.environments; i++) {
      const now = ((this.#ring.end + i) % places) * size;
      let follows = true;
      for (let k = 0; k < size; k++) follows &&= Object.is(this.#ring.latest[i * size + k], observations[now + k]);
      const previous = this.#ring.end - this.environments + i;
      if (follows || (flags[previous % places] & APART) !== 0) continue;
      this.#ring.kept.add(previous, this.#ring.latest, i * size);
      flags[previous % places] |= APART;
    }
  }

  #recordEnds(ends: Pick<Transitions<A>, "rewards" | "nextObservations" | "terminated" | "truncated">): void {
    if (!this.#decided) throw new StateError("recordOutcomes: expected recordDecisions first, got none");
    const terminated = requireArray("terminated", ends.terminated, this.environments);
    const truncated = requireArray("truncated", ends.truncated, this.environments);
    this.#copyRows("rewards", ends.rewards, this.#ring.rows.rewards);
    copyFinite("nextObservations", ends.nextObservations, this.#ring.latest, 0, this.#ring.latest.length);
    const place = this.#ring.end % this.#ring.rows.places;
    for (let i = 0; i < this.environments; i++) {
      this.#ring.rows.flags[place + i] = (terminated[i] !== 0 ? TERMINATED : 0) | (truncated[i] !== 0 ? TRUNCATED : 0);
    }
  }

  #finishStep(): void {
    this.#ring.end += this.environments;
    this.#decided = false;
  }
}
