import { StateError } from "@uphill/core-math";
import { requireActions } from "../actions.js";
import type { EnvironmentBatch, ResetOptions, StepResults } from "../environment.js";
import type { JsonValue } from "../json.js";
import type { Box } from "../spaces/box.js";
import type { ActionsOf, Space } from "../spaces/space.js";
import type { VectorEnvironment } from "../vector-environment.js";
import { resetSeed } from "./reset-seed.js";
import { readFields, readInteger, readList, readNumbers, requireSavedBy, savedNumbers } from "./saved.js";
import { savesState } from "./saves-state.js";
import { stepArrays } from "./step-arrays.js";

/** A batch with time limit, checks of order and actions, and the reset of each environment in the step that ended it. */
export class AutoresetVector<A extends Space> implements VectorEnvironment<A> {
  readonly count: number;
  readonly observationSpace: Box;
  readonly actionSpace: A;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly savesState: boolean;
  private readonly results: StepResults;
  /** Steps of each environment's present episode. */
  private readonly elapsed: Float64Array;
  private phase: "new" | "running" | "broken" | "closed" = "new";

  constructor(
    private readonly id: string,
    private readonly batch: EnvironmentBatch<A>,
    private readonly maxEpisodeSteps: number,
  ) {
    const { count, observationSpace } = batch;
    this.count = count;
    this.observationSpace = observationSpace;
    this.actionSpace = batch.actionSpace;
    this.results = stepArrays(count, observationSpace.size);
    this.observations = this.results.observations;
    this.rewards = this.results.rewards;
    this.terminated = this.results.terminated;
    this.truncated = this.results.truncated;
    this.finalObservations = new Float32Array(count * observationSpace.size);
    this.elapsed = new Float64Array(count);
    this.savesState = savesState(batch);
  }

  reset(options?: ResetOptions): void {
    this.requireOpen("reset");
    const given = resetSeed(this.id, options, this.count);
    const seed = given ?? (this.phase === "new" ? 0 : undefined);
    this.phase = "broken";
    for (let i = 0; i < this.count; i++) {
      this.batch.reset(i, seed === undefined ? undefined : seed + i, this.observations);
    }
    this.clear();
    this.elapsed.fill(0);
    this.phase = "running";
  }

  step(actions: ActionsOf<A>): void {
    if (this.phase !== "running") throw this.notRunning("step");
    requireActions(this.id, this.actionSpace, actions, this.count);
    this.phase = "broken";
    this.batch.step(actions, this.results);
    this.endEpisodes();
    this.phase = "running";
  }

  saveState(): JsonValue {
    if (this.phase !== "running") throw this.notRunning("saveState");
    if (!savesState(this.batch)) throw this.unableTo("saveState");
    return {
      id: this.id,
      elapsed: savedNumbers(this.elapsed),
      observations: savedNumbers(this.observations),
      environments: this.batch.saveState(),
    };
  }

  restoreState(saved: JsonValue): void {
    this.requireOpen("restoreState");
    if (!savesState(this.batch)) throw this.unableTo("restoreState");
    const fields = readFields("state", saved);
    requireSavedBy(this.id, fields["id"]);
    const elapsed = readList("state.elapsed", fields["elapsed"], this.count).map((steps, i) =>
      readInteger(`state.elapsed[${i}]`, steps, 0, Math.min(this.maxEpisodeSteps - 1, Number.MAX_SAFE_INTEGER)),
    );
    const observations = readNumbers("state.observations", fields["observations"], this.observations.length);
    this.phase = "broken";
    this.batch.restoreState(fields["environments"]);
    this.observations.set(observations);
    this.elapsed.set(elapsed);
    this.clear();
    this.phase = "running";
  }

  close(): void {
    if (this.phase === "closed") return;
    this.phase = "closed";
    this.batch.close?.();
  }

  /** Counts the step, truncates what reached the limit, and begins the next episode where one ended. */
  private endEpisodes(): void {
    const { elapsed, maxEpisodeSteps, terminated, truncated } = this;
    for (let i = 0; i < this.count; i++) {
      elapsed[i] += 1;
      if (elapsed[i] >= maxEpisodeSteps) truncated[i] = 1;
      if ((terminated[i] | truncated[i]) === 0) continue;
      this.keepFinalObservation(i);
      this.batch.reset(i, undefined, this.observations);
      elapsed[i] = 0;
    }
  }

  private keepFinalObservation(index: number): void {
    const { size } = this.observationSpace;
    for (let i = index * size; i < (index + 1) * size; i++) this.finalObservations[i] = this.observations[i];
  }

  private clear(): void {
    this.finalObservations.fill(0);
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
  }

  private requireOpen(call: string): void {
    if (this.phase === "closed") throw this.notRunning(call);
  }

  private notRunning(call: string): StateError {
    const why = {
      new: "a reset first, as no episode is under way",
      running: "a reset first",
      broken: "a reset first, as the last call failed halfway",
      closed: "an open environment, but it was closed",
    }[this.phase];
    return new StateError(`${call} of ${this.id}: expected ${why}`);
  }

  private unableTo(call: string): StateError {
    return new StateError(`${call} of ${this.id}: expected environments with saveState and restoreState`);
  }
}
