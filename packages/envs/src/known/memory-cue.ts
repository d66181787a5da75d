import { type Random, requireInteger, requireObject } from "@uphill/core-math";
import { type Dynamics, environmentFromDynamics } from "../dynamics.js";
import type { EnvironmentDefinition, StepResults } from "../environment.js";
import { box } from "../spaces/box.js";
import { discrete, type Discrete } from "../spaces/discrete.js";

/** What {@link memoryCue} takes. */
export interface MemoryCueOptions {
  /** Steps between the cue and the question, an integer in [1, 10⁶]. Default 10. */
  readonly delay?: number;
}

/** N tasks. */
class MemoryCueDynamics implements Dynamics<Discrete> {
  readonly state: readonly Float64Array[];
  /** −1 or 1. */
  private readonly cue: Float64Array;
  private readonly elapsed: Float64Array;

  constructor(
    private readonly count: number,
    private readonly delay: number,
  ) {
    this.cue = new Float64Array(count);
    this.elapsed = new Float64Array(count);
    this.state = [this.cue, this.elapsed];
  }

  reset(index: number, random: Random): void {
    this.cue[index] = 2 * random.integer(2) - 1;
    this.elapsed[index] = 0;
  }

  observe(index: number, observations: Float32Array): void {
    observations[2 * index] = this.elapsed[index] === 0 ? this.cue[index] : 0;
    observations[2 * index + 1] = this.elapsed[index] === this.delay ? 1 : 0;
  }

  advance(actions: Int32Array, { observations, rewards, terminated, truncated }: StepResults): void {
    for (let i = 0; i < this.count; i++) {
      const asked = this.elapsed[i] === this.delay;
      this.elapsed[i] += 1;
      this.observe(i, observations);
      rewards[i] = asked ? (2 * actions[i] - 1) * this.cue[i] : 0;
      terminated[i] = asked ? 1 : 0;
      truncated[i] = 0;
    }
  }
}

/**
 * A task for memory: a cue at the start decides the reward at the end.
 *
 * Observation `[2]`: the cue, −1 or 1, in the first observation and 0 in all others; and 1 where the answer is asked for,
 * after `delay` steps, else 0. Actions: answer −1 (0) or 1 (1); before the question they do nothing. Reward 1 for the
 * right answer and −1 for the wrong one, else 0; the answer terminates. The best mean return is 1, and 0 without memory.
 *
 * Source: after the T-maze of Bakker 2002, "Reinforcement learning with long short-term memory".
 *
 * @param options - The delay.
 * @throws OptionError for a delay out of range.
 */
export function memoryCue(options: MemoryCueOptions = {}): EnvironmentDefinition<Discrete> {
  const delay = requireInteger("delay", requireObject("options", options)["delay"] ?? 10, { least: 1, most: 1e6 });
  return environmentFromDynamics({
    id: "MemoryCue-v0",
    rewardThreshold: 0.9,
    observationSpace: box({ low: [-1, 0], high: [1, 1] }),
    actionSpace: discrete(2),
    dynamics: (count) => new MemoryCueDynamics(count, delay),
  });
}
