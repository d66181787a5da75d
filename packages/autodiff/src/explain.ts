import { OptionError, requireInteger } from "@uphill/core-math";
import type { Explanation } from "./explanation.js";
import { Program } from "./program.js";

/**
 * What a compiled program does with the feeds of its last run: which expressions were fused, each step's shape, bytes,
 * FLOPs and measured time, and what fell back to a loop of the host. `String(explain(program))` is a table.
 *
 * The steps are run again and timed one by one. Variables keep their values; outputs are computed anew from them, so read
 * those of the last run before.
 *
 * @param program - A program that has run at least once.
 * @param options - `rounds`: how often each step is timed, an integer ≥ 1; 100 by default.
 * @throws OptionError for a program of a backend that cannot say, such as the interpreter; StateError before the first run.
 */
export function explain(program: Program, { rounds = 100 }: { readonly rounds?: number } = {}): Explanation {
  if (!(program instanceof Program)) throw new OptionError(`explain: expected a compiled program, got ${typeof program}`);
  return program.explain(requireInteger("explain rounds", rounds, { least: 1 }));
}
