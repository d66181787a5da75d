import { compile } from "../../src/index.js";
import type { Backend, NumericArray } from "../../src/index.js";
import { BoundedProgram } from "./bounded-program.js";
import type { Bounded } from "./bounded.js";
import type { RandomProgram } from "./random-programs.js";

/** What came of running a program on an executor. */
export interface Comparison {
  /** Whether every element of every result had a bound small enough to tell right from wrong. */
  readonly compared: boolean;
  /** What was wrong; undefined where nothing was. */
  readonly mistake: string | undefined;
}

/** A bound tells right from wrong where it is at most this part of the result's size, … */
const TELLING = 1e-2;

/** … or of a thousandth, where the result itself is smaller. */
const SMALLEST_SIZE = 1e-3;

/** Runs a program on an executor, and compares all results with float64 within their running error bounds. */
export function compareWithTruth(program: RandomProgram, backend: Backend): Comparison {
  const truth = new BoundedProgram(program.parts);
  const { inputs, outputs, updates } = program.parts;
  const compiled = compile({ inputs, outputs, updates, backend });
  let compared = true;
  for (const { batch, feeds } of program.runs) {
    const expected = truth.run(feeds, new Map([["batch", batch]]));
    const shaped = Object.entries(inputs).map(([name, { shape }]) => {
      return [name, { data: feeds[name], shape: shape.map((d) => (typeof d === "number" ? d : batch)) }] as const;
    });
    compiled.execute(Object.fromEntries(shaped));
    for (const name of Object.keys(outputs)) {
      const wrong = firstMistake(compiled.view(name), expected.get(name)!);
      if (wrong !== undefined) return { compared, mistake: `${name}${wrong}, in a batch of ${batch}` };
      compared &&= isTelling(expected.get(name)!);
    }
    for (const { variable } of updates) {
      const bounded = expected.get(`next/${variable.name}`)!;
      const wrong = firstMistake(compiled.store.read(variable), bounded);
      if (wrong !== undefined) return { compared, mistake: `${variable.name}${wrong}, after a batch of ${batch}` };
      compared &&= isTelling(bounded);
    }
  }
  return { compared, mistake: undefined };
}

function firstMistake(actual: NumericArray, { values: { data }, errors }: Bounded): string | undefined {
  if (actual.length !== data.length) return `: expected ${data.length} elements, got ${actual.length}`;
  for (let i = 0; i < data.length; i++) {
    // Not `>`: a NaN is a mistake wherever there is a bound.
    if (errors[i] === Infinity || Math.abs(actual[i] - data[i]) <= errors[i]) continue;
    return `[${i}]: expected ${data[i]} ± ${errors[i].toPrecision(2)}, got ${actual[i]}`;
  }
  return undefined;
}

function isTelling({ values: { data }, errors }: Bounded): boolean {
  let squares = 0;
  for (const value of data) squares += value * value;
  const usual = Math.max(SMALLEST_SIZE, Math.sqrt(squares / Math.max(1, data.length)));
  return errors.every((error, i) => error <= TELLING * Math.max(usual, Math.abs(data[i])));
}
