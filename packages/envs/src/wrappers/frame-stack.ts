import { requireInteger } from "@uphill/core-math";
import type { EnvironmentDefinition, EnvironmentSource } from "../environment.js";
import { readFields, readNumbers, savedNumbers } from "../internal/saved.js";
import { box } from "../spaces/box.js";
import type { Space } from "../spaces/space.js";
import { wrap } from "./wrap.js";

/**
 * The environment with its last observations as one, the oldest first: `[frames, …shape]`. An episode begins with its
 * first observation in every frame.
 *
 * @param source - The environment.
 * @param frames - How many, a positive integer.
 * @throws OptionError for any other `frames`, or where `source` is no source.
 */
export function frameStack<A extends Space>(source: EnvironmentSource<A>, frames: number): EnvironmentDefinition<A> {
  requireInteger("frames", frames, { least: 1, most: 1024 });
  const behind = { observation: (shown: ArrayLike<number>) => Array.from(shown).slice(-shown.length / frames) };
  return wrap(source, ({ count, observationSpace: { low, high, shape, size } }) => {
    const width = frames * size;
    const stacks = new Float32Array(count * width);
    const repeated = (bounds: Float32Array): Float32Array =>
      Float32Array.from({ length: width }, (_, i) => bounds[i % size]);
    return {
      observationSpace: box({ low: repeated(low), high: repeated(high), shape: [frames, ...shape] }),
      begin(index, observations) {
        for (let i = 0; i < width; i++) stacks[index * width + i] = observations[index * size + (i % size)];
      },
      observe(from, to, inner, outer) {
        for (let index = from; index < to; index++) {
          const start = index * width;
          stacks.copyWithin(start, start + size, start + width);
          for (let i = 0; i < size; i++) stacks[start + width - size + i] = inner[index * size + i];
          for (let i = start; i < start + width; i++) outer[i] = stacks[i];
        }
      },
      saveState: () => ({ stacks: savedNumbers(stacks) }),
      restoreState(state) {
        stacks.set(readNumbers("state.stacks", readFields("state", state)["stacks"], stacks.length));
      },
    };
  }, behind);
}
