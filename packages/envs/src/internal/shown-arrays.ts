import { expectation, OptionError, ShapeError } from "@uphill/core-math";
import type { StepResults } from "../environment.js";
import { stepArrays } from "./step-arrays.js";

/** What N environments answer to one step, with the observations in memory of their reader's choice. */
export class ShownArrays implements StepResults {
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  private shown: Float32Array;
  private memory: () => Float32Array;

  constructor(count: number, observationSize: number) {
    const { observations, rewards, terminated, truncated } = stepArrays(count, observationSize);
    this.shown = observations;
    this.memory = () => observations;
    this.rewards = rewards;
    this.terminated = terminated;
    this.truncated = truncated;
  }

  get observations(): Float32Array {
    if (this.shown.length === 0) this.shown = this.memory(); // it was detached
    return this.shown;
  }

  /**
   * Moves the observations, now and for good.
   *
   * @param id - The environments' name, for messages.
   * @param memory - Gives the memory, and again once what it gave is detached.
   * @throws OptionError or ShapeError where it gives none for as many.
   */
  showIn(id: string, memory: () => Float32Array): void {
    const argument = `memory of ${id}`;
    if (typeof memory !== "function") throw new OptionError(expectation(argument, "a function that gives it", memory));
    const [shown, now] = [memory(), this.observations];
    const allowed = `a Float32Array of length ${now.length}`;
    if (!(shown instanceof Float32Array)) throw new OptionError(expectation(argument, allowed, shown));
    if (shown.length !== now.length) throw new ShapeError(expectation(argument, allowed, shown));
    shown.set(now);
    this.shown = shown;
    this.memory = memory;
  }
}
