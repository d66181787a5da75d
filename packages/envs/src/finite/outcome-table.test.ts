import { Random } from "@uphill/core-math";
import { expect, test } from "vitest";
import type { FiniteProblem } from "./finite-problem.js";
import { OutcomeTable } from "./outcome-table.js";

/** A stream that draws one number. */
class Constant extends Random {
  constructor(private readonly value: number) {
    super(0);
  }

  override random(): number {
    return this.value;
  }
}

/** From state 0: nothing with state 1, half with state 2, half with state 3. */
const problem: FiniteProblem = {
  states: 4,
  actions: 1,
  initial: [0, 0.25, 0, 0.75],
  outcomes: (state) =>
    state > 0
      ? [{ probability: 1, next: state, reward: 0, terminated: true }]
      : [
          { probability: 0, next: 1, reward: -1, terminated: false },
          { probability: 0.5, next: 2, reward: 2, terminated: true },
          { probability: 0.5, next: 3, reward: 4, terminated: true },
        ],
};
const table = new OutcomeTable(problem);

test.each([
  [0, 2, 1],
  [0.25, 2, 3],
  [0.5 - 2 ** -53, 2, 3],
  [0.5, 3, 3],
  [1 - 2 ** -53, 3, 3],
])("a draw of %d leads to state %d, and starts in state %d", (u, next, start) => {
  expect(table.next[table.drawOutcome(0, 0, new Constant(u))]).toBe(next);
  expect(table.drawStart(new Constant(u))).toBe(start);
});

test("as a process: probabilities, the mean reward, and ends that stay", () => {
  const { transition, reward, initial } = table.mdp(0.5);
  expect([...transition]).toEqual([0, 0, 0.5, 0.5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  expect([...reward]).toEqual([3, 0, 0, 0]);
  expect([...initial]).toEqual([0, 0.25, 0, 0.75]);
});
