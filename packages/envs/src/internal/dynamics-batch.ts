import { Random, type RandomState } from "@uphill/core-math";
import type { Dynamics, DynamicsDefinition } from "../dynamics.js";
import type { EnvironmentBatch, StepResults } from "../environment.js";
import type { JsonValue } from "../json.js";
import type { Box } from "../spaces/box.js";
import type { ActionsOf, Space } from "../spaces/space.js";
import { readFields, readList, readNumbers, savedNumbers } from "./saved.js";

/** Equations for N copies of an environment, with a random stream for each. */
export class DynamicsBatch<A extends Space> implements EnvironmentBatch<A> {
  readonly count: number;
  readonly observationSpace: Box;
  readonly actionSpace: A;
  private readonly dynamics: Dynamics<A>;
  private readonly streams: readonly Random[];

  constructor(definition: DynamicsDefinition<A>, count: number) {
    this.count = count;
    this.observationSpace = definition.observationSpace;
    this.actionSpace = definition.actionSpace;
    this.dynamics = definition.dynamics(count);
    this.streams = Random.streams(Array.from({ length: count }, (_, index) => index));
  }

  reset(index: number, seed: number | undefined, observations: Float32Array): void {
    if (seed !== undefined) this.streams[index].copy(new Random(seed));
    this.dynamics.reset(index, this.streams[index]);
    this.dynamics.observe(index, observations);
  }

  step(actions: ActionsOf<A>, results: StepResults, active?: Uint8Array): void {
    if (active === undefined) {
      this.dynamics.advance(actions, results, this.streams);
      return;
    }
    // The equations advance all: what is to stand still is put back afterwards.
    const still = [...active.keys()].filter((i) => active[i] === 0).map((index) => this.keep(index));
    this.dynamics.advance(actions, results, this.streams);
    for (const { index, values, stream } of still) {
      this.dynamics.state.forEach((column, i) => (column[index] = values[i]));
      this.streams[index].restore(stream);
      this.dynamics.observe(index, results.observations);
    }
  }

  saveState(): JsonValue {
    return {
      state: this.dynamics.state.map((column) => savedNumbers(column)),
      streams: this.streams.map((stream) => stream.state()),
    };
  }

  restoreState(saved: JsonValue): void {
    const fields = readFields("state", saved);
    const columns = readList("state.state", fields["state"], this.dynamics.state.length).map((column, i) =>
      readNumbers(`state.state[${i}]`, column, this.count),
    );
    const streams = readList("state.streams", fields["streams"], this.count).map((stream) =>
      Random.fromState(stream as unknown as RandomState),
    );
    for (let i = 0; i < columns.length; i++) this.dynamics.state[i].set(columns[i]);
    for (let i = 0; i < this.count; i++) this.streams[i].copy(streams[i]);
    const observations = new Float32Array(this.count * this.observationSpace.size);
    for (let i = 0; i < this.count; i++) this.dynamics.observe(i, observations);
  }

  private keep(index: number) {
    return {
      index,
      values: this.dynamics.state.map((column) => column[index]),
      stream: this.streams[index].state(),
    };
  }
}
