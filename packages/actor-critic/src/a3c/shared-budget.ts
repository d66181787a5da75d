import { CONTROL } from "./shared-memory.js";
import type { SharedMemory } from "./shared-memory.js";

/** The most steps of one iteration, so that claims of all workers below 0 stay within an int32. */
const MOST_STEPS = 2 ** 30;

/** The steps of an iteration, which workers take from as they go: who is faster takes more. */
export class SharedBudget {
  readonly #control: Int32Array;

  constructor({ control }: SharedMemory) {
    this.#control = control;
  }

  /** Begins an iteration of at most some steps of a worker's environments. @returns How many it has. */
  begin(steps: number): number {
    const granted = Math.min(steps, MOST_STEPS);
    Atomics.store(this.#control, CONTROL.stopped, 0);
    Atomics.store(this.#control, CONTROL.left, granted);
    return granted;
  }

  /** Takes at most some steps. @returns How many: 0 where none are left. */
  claim(most: number): number {
    const left = Atomics.sub(this.#control, CONTROL.left, most);
    return this.stopped ? 0 : Math.min(most, Math.max(left, 0));
  }

  /** Ends the iteration: workers leave their rollouts unfinished. */
  stop(): void {
    Atomics.store(this.#control, CONTROL.stopped, 1);
    Atomics.store(this.#control, CONTROL.left, 0);
  }

  /** Whether the iteration is to end at once. */
  get stopped(): boolean {
    return Atomics.load(this.#control, CONTROL.stopped) === 1;
  }
}
