import type { Moments } from "../../protocol.js";

/** What is to be seen at one time. */
export interface View {
  /** Between two moments of an episode, in proportion. Valid until the next view. */
  readonly observation: Float32Array;
  /** The action under way. */
  readonly action: Float32Array;
  /** Steps of the episode so far. */
  readonly steps: number;
  /** Return of the episode so far. */
  readonly return: number;
}

/** How long the end of an episode stays in view, in s. */
const REST = 0.5;

/**
 * Moments that arrive in parts, shown at the speed at which they would happen: a position in time that moves on, and what
 * is to be seen there. Where the moments run out it stands still until more come.
 */
export class Timeline {
  readonly #secondsPerStep: number;
  #parts: Moments[] = [];
  /** Index of the moment that was reached, within the first part. */
  #index = 0;
  /** Time since that moment, in s. */
  #elapsed = 0;
  #blend = new Float32Array(0);

  /** @param secondsPerStep - How long a step of the environment takes, in s. */
  constructor(secondsPerStep: number) {
    this.#secondsPerStep = secondsPerStep;
  }

  append(moments: Moments): void {
    if (moments.count > 0) this.#parts.push(moments);
  }

  /** Moments that are still to come. */
  get ahead(): number {
    return this.#parts.reduce((sum, { count }) => sum + count, 0) - this.#index - 1;
  }

  /** Moves on, at most to the last moment that there is. */
  advance(seconds: number): void {
    this.#elapsed += seconds;
    for (;;) {
      const duration = this.#duration();
      if (duration === undefined) {
        this.#elapsed = 0;
        return;
      }
      if (this.#elapsed < duration) return;
      this.#elapsed -= duration;
      this.#index++;
      if (this.#index < this.#parts[0].count) continue;
      this.#parts.shift();
      this.#index = 0;
    }
  }

  /** What is to be seen now; undefined before the first moment has come. */
  view(): View | undefined {
    const here = this.#moment(0);
    if (here === undefined) return undefined;
    const next = this.#moment(1);
    if (next === undefined || next.steps === 0) return here;
    const part = this.#elapsed / this.#secondsPerStep;
    if (this.#blend.length !== here.observation.length) this.#blend = new Float32Array(here.observation.length);
    for (let i = 0; i < this.#blend.length; i++) {
      this.#blend[i] = here.observation[i] + part * (next.observation[i] - here.observation[i]);
    }
    return { ...here, observation: this.#blend, action: next.action };
  }

  /** Time from the moment that was reached to the next, in s; undefined where there is none yet. */
  #duration(): number | undefined {
    const next = this.#moment(1);
    if (next === undefined) return undefined;
    return next.steps === 0 ? REST : this.#secondsPerStep;
  }

  #moment(offset: 0 | 1): View | undefined {
    const [first, second] = this.#parts;
    if (first === undefined) return undefined;
    const index = this.#index + offset;
    if (index < first.count) return momentAt(first, index);
    return second === undefined ? undefined : momentAt(second, index - first.count);
  }
}

function momentAt({ count, observations, actions, steps, returns }: Moments, index: number): View {
  const row = (values: Float32Array): Float32Array => {
    const size = values.length / count;
    return values.subarray(index * size, (index + 1) * size);
  };
  return { observation: row(observations), action: row(actions), steps: steps[index], return: returns[index] };
}
