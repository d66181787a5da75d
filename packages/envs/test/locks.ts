import type { Random } from "@uphill/core-math";
import { type Dynamics, environmentFromDynamics } from "../src/dynamics.js";
import type { EnvironmentDefinition, StepResults } from "../src/environment.js";
import { box } from "../src/spaces/box.js";
import type { MultiBinary } from "../src/spaces/multi-binary.js";
import type { MultiDiscrete } from "../src/spaces/multi-discrete.js";

type Choices = MultiDiscrete | MultiBinary;

class Locks implements Dynamics<Choices> {
  readonly state: readonly Float64Array[];

  constructor(
    private readonly space: Choices,
    private readonly count: number,
  ) {
    this.state = space.counts.map(() => new Float64Array(count));
  }

  reset(index: number, random: Random): void {
    this.state.forEach((digit, axis) => (digit[index] = random.integer(this.space.counts[axis])));
  }

  observe(index: number, observations: Float32Array): void {
    this.state.forEach((digit, axis) => (observations[index * this.state.length + axis] = digit[index]));
  }

  advance(actions: Int32Array, { observations, rewards, terminated, truncated }: StepResults, streams: readonly Random[]) {
    const axes = this.state.length;
    for (let i = 0; i < this.count; i++) {
      const right = this.state.filter((digit, axis) => digit[i] === actions[i * axes + axis]).length;
      rewards[i] = right / axes;
      terminated[i] = right === axes ? 1 : 0;
      truncated[i] = 0;
      this.reset(i, streams[i]);
      this.observe(i, observations);
    }
  }
}

/** Set every digit as shown: each that is right pays, and all of them end the episode. */
export function locks<A extends Choices>(actionSpace: A): EnvironmentDefinition<A> {
  const definition = environmentFromDynamics<Choices>({
    id: "Locks-v0",
    maxEpisodeSteps: 9,
    observationSpace: box({ low: new Float32Array(actionSpace.size), high: actionSpace.counts.map((n) => n - 1) }),
    actionSpace,
    dynamics: (count) => new Locks(actionSpace, count),
  });
  return definition as unknown as EnvironmentDefinition<A>;
}
