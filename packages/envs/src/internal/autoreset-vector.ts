import { requireInteger, StateError } from "@uphill/core-math";
import { requireActions } from "../actions.js";
import type { EnvironmentBatch } from "../environment.js";
import type { JsonValue } from "../json.js";
import type { Box } from "../spaces/box.js";
import type { ActionsOf, Space } from "../spaces/space.js";
import type { AutoresetMode, VectorEnvironment, VectorResetOptions } from "../vector-environment.js";
import { EpisodeClock } from "./episode-clock.js";
import { outOfPhase, type Phase } from "./phase.js";
import { readCounts, readFields, readNumbers, requireSavedBy, savedNumbers } from "./saved.js";
import { savesState } from "./saves-state.js";
import { ShownArrays } from "./shown-arrays.js";
import { resetRows, successiveSeeds, vectorReset } from "./vector-reset.js";

/** A batch with time limit, checks of order and actions, and resets of what ended in the mode that is asked for. */
export class AutoresetVector<A extends Space, M extends AutoresetMode> implements VectorEnvironment<A, M> {
  readonly count: number;
  readonly observationSpace: Box;
  readonly actionSpace: A;
  readonly finalObservations: Float32Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly savesState: boolean;
  private readonly results: ShownArrays;
  private readonly clock: EpisodeClock;
  private phase: Phase = "new";

  constructor(
    private readonly id: string,
    private readonly batch: EnvironmentBatch<A>,
    private readonly maxEpisodeSteps: number,
    readonly autoreset: M,
  ) {
    const { count, observationSpace } = batch;
    this.count = count;
    this.observationSpace = observationSpace;
    this.actionSpace = batch.actionSpace;
    this.results = new ShownArrays(count, observationSpace.size);
    this.rewards = this.results.rewards;
    this.terminated = this.results.terminated;
    this.truncated = this.results.truncated;
    this.finalObservations = new Float32Array(count * observationSpace.size);
    this.clock = new EpisodeClock(count);
    this.savesState = savesState(batch);
  }

  get observations(): Float32Array {
    return this.results.observations;
  }

  showIn(memory: () => Float32Array): void {
    this.requireFree("showIn");
    this.results.showIn(this.id, memory);
  }

  reset(options?: VectorResetOptions): void {
    this.requireFree("reset");
    const given = vectorReset(this.id, options, this.count, this.autoreset);
    const seeds = given.seeds ?? (this.phase === "new" ? successiveSeeds(0, this.count) : undefined);
    if (this.phase === "broken") this.clock.ended.fill(1);
    this.phase = "broken";
    resetRows(this.batch, given.rows, seeds, this.observations);
    for (let i = 0; i < this.count; i++) {
      if (given.rows[i] !== 0) this.begin(i);
    }
    this.phase = "running";
  }

  step(actions: ActionsOf<A>): void {
    const active = this.requireReady("step", actions);
    this.phase = "broken";
    this.batch.step(actions, this.results, active);
    this.settle();
    this.phase = "running";
  }

  async stepAsync(actions: ActionsOf<A>): Promise<void> {
    const active = this.requireReady("stepAsync", actions);
    const own = actions.slice() as ActionsOf<A>;
    this.phase = "stepping";
    try {
      await this.batch.startStep?.(own, active);
    } catch (error) {
      if (this.isPhase("stepping")) this.phase = "broken";
      throw error;
    }
    if (!this.isPhase("stepping")) throw this.notReady("stepAsync");
    this.phase = "running";
    this.step(own);
  }

  info(index: number): Readonly<Record<string, unknown>> {
    requireInteger("index", index, { least: 0, most: this.count - 1 });
    return this.batch.info?.(index) ?? {};
  }

  saveState(): JsonValue {
    if (this.phase !== "running") throw this.notReady("saveState");
    if (!savesState(this.batch)) throw this.unableTo("saveState");
    return {
      id: this.id,
      ...this.clock.save(),
      terminated: savedNumbers(this.terminated),
      truncated: savedNumbers(this.truncated),
      observations: savedNumbers(this.observations),
      environments: this.batch.saveState(),
    };
  }

  restoreState(saved: JsonValue): void {
    this.requireFree("restoreState");
    if (!savesState(this.batch)) throw this.unableTo("restoreState");
    const fields = readFields("state", saved);
    requireSavedBy(this.id, fields["id"]);
    const restoreClock = this.clock.read(fields, this.maxEpisodeSteps - 1, this.autoreset !== "same-step");
    const terminated = readCounts("state.terminated", fields["terminated"], this.count, 1);
    const truncated = readCounts("state.truncated", fields["truncated"], this.count, 1);
    const observations = readNumbers("state.observations", fields["observations"], this.observations.length);
    this.phase = "broken";
    this.batch.restoreState(fields["environments"]);
    this.observations.set(observations);
    for (let i = 0; i < this.count; i++) this.begin(i);
    restoreClock();
    this.terminated.set(terminated);
    this.truncated.set(truncated);
    this.phase = "running";
  }

  close(): void {
    if (this.phase === "closed") return;
    this.phase = "closed";
    this.batch.close?.();
  }

  /** Counts the step, truncates what reached the limit, and begins the next episodes that are due. */
  private settle(): void {
    const { maxEpisodeSteps, observations, finalObservations, terminated, truncated } = this;
    const { size } = this.observationSpace;
    const { elapsed, ended } = this.clock;
    const begun = this.autoreset === "next-step" && this.resetEnded();
    let anyEnded = false;
    for (let i = 0; i < this.count; i++) {
      if (begun && ended[i] !== 0) {
        this.begin(i);
        continue;
      }
      elapsed[i] += 1;
      if (elapsed[i] >= maxEpisodeSteps) truncated[i] = 1;
      if ((terminated[i] | truncated[i]) === 0) continue;
      for (let k = i * size; k < (i + 1) * size; k++) finalObservations[k] = observations[k];
      this.clock.end(i);
      anyEnded = true;
    }
    if (!anyEnded || this.autoreset !== "same-step") return;
    this.resetEnded();
    for (let i = 0; i < this.count; i++) if (ended[i] !== 0) this.clock.begin(i);
  }

  /** Resets the environments whose episode is over; whether there was any. */
  private resetEnded(): boolean {
    if (this.clock.firstEnded() < 0) return false;
    resetRows(this.batch, this.clock.ended, undefined, this.observations);
    return true;
  }

  /** Begins an episode by a call of its own, so that the step before it leaves nothing behind. */
  private begin(index: number): void {
    const { size } = this.observationSpace;
    this.clock.begin(index);
    this.finalObservations.fill(0, index * size, (index + 1) * size);
    this.rewards[index] = 0;
    this.terminated[index] = 0;
    this.truncated[index] = 0;
  }


  /** Throws unless a step with these actions can be taken; the mask of active environments where some are not. */
  private requireReady(call: string, actions: ActionsOf<A>): Uint8Array | undefined {
    if (this.phase !== "running") throw this.notReady(call);
    requireActions(this.id, this.actionSpace, actions, this.count);
    if (this.autoreset === "same-step") return undefined;
    const over = this.clock.firstEnded();
    if (over < 0) return undefined;
    if (this.autoreset === "next-step") return this.clock.active;
    throw new StateError(`${call} of ${this.id}, environment ${over}: expected a reset first, as no episode is under way`);
  }

  private requireFree(call: string): void {
    if (this.phase === "closed" || this.phase === "stepping") throw this.notReady(call);
  }

  /** Whether the phase is still this one, for use after an await, during which it may have changed. */
  private isPhase(phase: Phase): boolean {
    return this.phase === phase;
  }

  private notReady(call: string): StateError {
    return outOfPhase(call, this.id, this.phase);
  }

  private unableTo(call: string): StateError {
    return new StateError(`${call} of ${this.id}: expected environments with saveState and restoreState`);
  }
}
