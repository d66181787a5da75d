import fc from "fast-check";
import { webAssembly } from "../../src/index.js";
import { compareWithTruth } from "../random-programs/compare.js";
import { randomPrograms } from "../random-programs/random-programs.js";

/**
 * What the random programs find wrong with the WebAssembly executor of these sources; undefined where nothing is.
 *
 * @param count - Programs to try at most.
 */
export function firstMistake(count: number): string | undefined {
  for (const [index, program] of fc.sample(randomPrograms, { numRuns: count, seed: 20260101 }).entries()) {
    try {
      const { mistake } = compareWithTruth(program, webAssembly({ deterministic: true }));
      if (mistake !== undefined) return `program ${index}: ${mistake}`;
    } catch (error) {
      return `program ${index}: ${String(error)}`;
    }
  }
  return undefined;
}
