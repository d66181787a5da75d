import { finiteEnvironment, type FiniteEnvironmentDefinition } from "./finite-environment.js";
import type { FiniteProblem, Outcome } from "./finite-problem.js";
import { gridStep } from "./grid-step.js";

const ROWS = 4;
const COLUMNS = 12;
const START = (ROWS - 1) * COLUMNS;
const GOAL = ROWS * COLUMNS - 1;

/** Up, right, down, left: by how many rows and columns. */
const MOVES = [[-1, 0], [0, 1], [1, 0], [0, -1]] as const;

/** The walk along the cliff; slippery, a step goes to either side as likely as ahead. */
export function cliffWalkingProblem(slippery: boolean): FiniteProblem {
  const turns = slippery ? [3, 0, 1] : [0];
  return {
    states: ROWS * COLUMNS,
    actions: MOVES.length,
    initial: Float64Array.from({ length: ROWS * COLUMNS }, (_, state) => (state === START ? 1 : 0)),
    outcomes: (state, action) => turns.map((turn) => walked(state, (action + turn) % MOVES.length, 1 / turns.length)),
  };
}

function walked(from: number, move: number, probability: number): Outcome {
  const next = gridStep(from, MOVES[move], ROWS, COLUMNS);
  if (next > START && next < GOAL) return { probability, next: START, reward: -100, terminated: false };
  return { probability, next, reward: -1, terminated: next === GOAL };
}

/** The walker as `x`, the cliff as `C`, the goal as `T`. */
function text(observation: ArrayLike<number>): string {
  const state = observation[0];
  const cells = Array.from({ length: ROWS * COLUMNS }, (_, cell) => {
    if (cell === state) return "x";
    if (cell === GOAL) return "T";
    return cell > START ? "C" : "o";
  });
  const rows = Array.from({ length: ROWS }, (_, row) => cells.slice(row * COLUMNS, (row + 1) * COLUMNS).join("  "));
  return `${rows.join("\n")}\n\n`;
}

/**
 * CliffWalking-v1: from one end of a cliff to the other, in 4 rows of 12 cells.
 *
 * Observation `[1]`: 12 · row + column; row 3 is the cliff's, with the start at its left and the goal at its right.
 * Actions: up (0), right (1), down (2), left (3); the edge holds. Reward −1 a step, −100 for a step over the cliff, which
 * leads back to the start. Terminates at the goal; no time limit. To the draw what Gymnasium 1.4 does from the same seed.
 *
 * Source: Sutton & Barto 2018, example 6.6; Gymnasium's CliffWalking-v1.
 */
export const cliffWalking: FiniteEnvironmentDefinition = finiteEnvironment(
  { id: "CliffWalking-v1", text },
  cliffWalkingProblem(false),
);

/**
 * CliffWalkingSlippery-v1: `cliffWalking` where a step goes ahead, to the left and to the right with probability 1/3
 * each.
 *
 * Source: Gymnasium's CliffWalkingSlippery-v1.
 */
export const cliffWalkingSlippery: FiniteEnvironmentDefinition = finiteEnvironment(
  { id: "CliffWalkingSlippery-v1", text },
  cliffWalkingProblem(true),
);
