import { expect } from "vitest";
import type { FiniteProblem } from "../src/finite/finite-problem.js";
import { flattened } from "../src/finite/outcome-table.js";
import { recordedTable } from "./toy-text-tables.js";

/** Expects the starts, and the outcomes of every state and action in their order, to be those of Gymnasium, to the bit. */
export function expectRecordedTable(problem: FiniteProblem, name: string): void {
  const { initial, outcomes } = recordedTable(name);
  expect([problem.states, problem.actions]).toEqual([outcomes.length, outcomes[0].length]);
  expect(Array.from(problem.initial)).toEqual(initial);
  const ours = outcomes.map((row, state) => row.map((_, action) => flattened(problem.outcomes(state, action))));
  expect(ours).toEqual(outcomes);
}
