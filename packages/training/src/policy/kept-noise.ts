import type { Random } from "@uphill/core-math";

/** Noise for samples, drawn again every so many steps, and where the stream or the length is another. */
export class KeptNoise {
  readonly #steps: number;
  #values = new Float32Array(0);
  #random: Random | undefined;
  #used = 0;

  /** @param steps - For how many steps a draw is kept, ≥ 1. */
  constructor(steps: number) {
    this.#steps = steps;
  }

  /**
   * The noise of the next step.
   *
   * @param random - The stream that `draw` draws from.
   * @param length - How many numbers.
   * @param draw - Fills an array with noise.
   * @returns `[length]`; the same array until the length is another.
   */
  next(random: Random, length: number, draw: (values: Float32Array) => void): Float32Array {
    if (this.#values.length !== length) this.#values = new Float32Array(length);
    else if (this.#random === random && this.#used < this.#steps) {
      this.#used++;
      return this.#values;
    }
    draw(this.#values);
    this.#random = random;
    this.#used = 1;
    return this.#values;
  }

  /** Draws again at the next step. */
  renew(): void {
    this.#random = undefined;
  }
}
