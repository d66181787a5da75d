import type { ActionOf, ActionsOf, Space } from "@uphill/envs";
import { BoundedBox } from "../internal/bounded-box.js";

/**
 * Actions as a fitted function sees them: numbers on the scale of their bounds, [−1, 1], for a box; for each choice as
 * many numbers as it has options, 1 at the one that is taken and 0 elsewhere; bits as they are.
 *
 * @typeParam A - The action space.
 */
export class ActionCode<A extends Space = Space> {
  /** The space of actions. */
  readonly space: A;
  /** Numbers of a code. */
  readonly size: number;
  /** Options of each choice, two for a bit; none for a box. */
  readonly counts: readonly number[];
  readonly #box: BoundedBox | null;

  /**
   * @param space - The action space.
   * @throws OptionError for a box without finite bounds.
   */
  constructor(space: A) {
    this.space = space;
    this.#box = space.kind === "box" ? new BoundedBox(space) : null;
    this.counts = countsOf(space);
    this.size = space.kind === "multi-discrete" || space.kind === "discrete" ? this.counts.reduce((sum, n) => sum + n, 0) : space.size;
  }

  /** Codes of actions: `[n, size]`. */
  encode(actions: ActionsOf<A>): Float32Array {
    const width = this.space.size;
    const codes = new Float32Array((actions.length / width) * this.size);
    for (let row = 0; row * width < actions.length; row++) {
      this.write(codes, row * this.size, (k) => actions[row * width + k]);
    }
    return codes;
  }

  /** Writes the code of an action, given by its elements, to `start` of an array. */
  write(codes: Float32Array, start: number, element: (k: number) => number): void {
    codes.fill(0, start, start + this.size);
    if (this.#box !== null) {
      const { center, halfWidth } = this.#box;
      for (let k = 0; k < this.size; k++) codes[start + k] = (element(k) - center[k]) / halfWidth[k];
      return;
    }
    if (this.space.kind === "multi-binary") {
      for (let k = 0; k < this.size; k++) codes[start + k] = element(k);
      return;
    }
    let offset = start;
    this.counts.forEach((count, k) => {
      codes[offset + element(k)] = 1;
      offset += count;
    });
  }

  /** The action of the code at `start` of an array: a box's within the bounds, else the nearest choice. */
  decode(codes: ArrayLike<number>, start = 0): ActionOf<A> {
    if (this.#box !== null) {
      const { center, halfWidth, low, high } = this.#box;
      const action = center.map((middle, k) => Math.min(Math.max(middle + halfWidth[k] * codes[start + k], low[k]), high[k]));
      return action as unknown as ActionOf<A>;
    }
    const choices = this.#choices(codes, start);
    return (this.space.kind === "discrete" ? choices[0] : choices) as ActionOf<A>;
  }

  #choices(codes: ArrayLike<number>, start: number): Int32Array {
    if (this.space.kind === "multi-binary") return Int32Array.from({ length: this.size }, (_, k) => (codes[start + k] > 0.5 ? 1 : 0));
    let offset = start;
    return Int32Array.from(this.counts, (count) => {
      let best = 0;
      for (let choice = 1; choice < count; choice++) if (codes[offset + choice] > codes[offset + best]) best = choice;
      offset += count;
      return best;
    });
  }
}

function countsOf(space: Space): readonly number[] {
  switch (space.kind) {
    case "box":
      return [];
    case "discrete":
      return [space.n];
    case "multi-binary":
      return new Array<number>(space.size).fill(2);
    case "multi-discrete":
      return [...space.counts];
  }
}
