import { expectation, OptionError, requireBoolean, requireNumber, requireObject } from "@uphill/core-math";
import { coloured } from "./ansi.js";
import {
  finiteEnvironment,
  type FiniteEnvironmentDefinition,
  type FiniteEnvironmentTraits,
} from "./finite-environment.js";
import type { FiniteProblem, Outcome } from "./finite-problem.js";
import { FROZEN_LAKE_MAPS, type FrozenLakeMap, readFrozenLakeMap } from "./frozen-lake-map.js";
import { gridStep } from "./grid-step.js";

/** What {@link frozenLakeWith} takes. */
export interface FrozenLakeOptions {
  /** `4x4` (the default), `8x8`, or rows of cells: `S` start, `F` frozen, `H` hole, `G` goal; all rows as long. */
  readonly map?: keyof typeof FROZEN_LAKE_MAPS | readonly string[];
  /** Whether a step may go to either side of where it was aimed. Default true. */
  readonly slippery?: boolean;
  /** Probability in [0, 1] that a step on slippery ice goes where it was aimed. Default 1/3. */
  readonly successRate?: number;
  /** What stepping onto the goal, into a hole and onto ice earns. Default 1, 0 and 0. */
  readonly rewards?: { readonly goal: number; readonly hole: number; readonly frozen: number };
}

/** Left, down, right, up: by how many rows and columns. */
const MOVES = [[0, -1], [1, 0], [0, 1], [-1, 0]] as const;

/** The lake of the options, which are checked. */
export function frozenLakeProblem(options: FrozenLakeOptions = {}): FiniteProblem {
  const { cells, columns } = readFrozenLakeMap(rowsOf(requireObject("options", options)["map"] ?? "4x4"));
  const successRate = requireNumber("successRate", options.successRate ?? 1 / 3, { least: 0, most: 1 });
  const slippery = requireBoolean("slippery", options.slippery ?? true);
  const rewards = options.rewards ?? { goal: 1, hole: 0, frozen: 0 };
  requireObject("rewards", rewards);
  const earned: Readonly<Record<string, number>> = {
    G: requireNumber("rewards.goal", rewards.goal),
    H: requireNumber("rewards.hole", rewards.hole),
    F: requireNumber("rewards.frozen", rewards.frozen),
  };
  const stepped = (from: number, move: number, probability: number): Outcome => {
    const next = gridStep(from, MOVES[move], cells.length / columns, columns);
    return { probability, next, reward: earned[cells[next]] ?? earned["F"], terminated: isEnd(cells[next]) };
  };
  const failRate = (1 - successRate) / 2;
  const starts = cells.filter((cell) => cell === "S").length;
  return {
    states: cells.length,
    actions: MOVES.length,
    initial: cells.map((cell) => (cell === "S" ? 1 / starts : 0)),
    outcomes: (state, action) => {
      if (isEnd(cells[state])) return [{ probability: 1, next: state, reward: 0, terminated: true }];
      if (!slippery) return [stepped(state, action, 1)];
      return [3, 0, 1].map((turn) => stepped(state, (action + turn) % 4, turn === 0 ? successRate : failRate));
    },
  };
}

/**
 * FrozenLake with a map of your own, or on ice that does not slip. Its id and limit of 100 steps are those of
 * {@link frozenLake}; give a large map more: `{ ...frozenLakeWith({ map }), maxEpisodeSteps: 400 }`.
 *
 * @param options - Map, ice and rewards.
 * @throws OptionError for options out of range; ShapeError for a map with rows of different lengths.
 */
export function frozenLakeWith(options: FrozenLakeOptions): FiniteEnvironmentDefinition {
  return lake({ id: "FrozenLake-v1", maxEpisodeSteps: 100, rewardThreshold: 0.7 }, options);
}

/**
 * FrozenLake-v1: over slippery ice to the goal, around the holes, in 4 rows of 4 cells.
 *
 * Observation `[1]`: columns · row + column. Actions: left (0), down (1), right (2), up (3); a step goes there and to
 * either side of it with probability 1/3 each, and the edge holds. Reward 1 for reaching the goal, else 0. Terminates at
 * the goal and in a hole; limited to 100 steps; solved at a mean return of 0.7. To the draw what Gymnasium 1.4 does from
 * the same seed.
 *
 * Source: Gymnasium's FrozenLake-v1.
 */
export const frozenLake: FiniteEnvironmentDefinition = frozenLakeWith({});

/**
 * FrozenLake8x8-v1: `frozenLake` in 8 rows of 8 cells; limited to 200 steps; solved at a mean return of 0.85.
 *
 * Source: Gymnasium's FrozenLake8x8-v1.
 */
export const frozenLake8x8: FiniteEnvironmentDefinition = lake(
  { id: "FrozenLake8x8-v1", maxEpisodeSteps: 200, rewardThreshold: 0.85 },
  { map: "8x8" },
);

function lake(traits: FiniteEnvironmentTraits, options: FrozenLakeOptions): FiniteEnvironmentDefinition {
  const problem = frozenLakeProblem(options);
  const map = readFrozenLakeMap(rowsOf(options.map ?? "4x4"));
  return finiteEnvironment({ ...traits, text: (observation, action) => lakeText(map, observation[0], action) }, problem);
}

/** The last move, and the map with the player's cell in red. */
function lakeText({ cells, columns }: FrozenLakeMap, state: number, action?: number): string {
  const shown = cells.map((cell, i) => (i === state ? coloured(cell, "redBackground") : cell));
  const rows = Array.from({ length: cells.length / columns }, (_, row) =>
    shown.slice(row * columns, (row + 1) * columns).join(""),
  );
  const move = action === undefined ? "" : `  (${["Left", "Down", "Right", "Up"][action]})`;
  return `${[move, ...rows].join("\n")}\n`;
}

function rowsOf(map: unknown): unknown {
  if (typeof map !== "string") return map;
  if (map === "4x4" || map === "8x8") return FROZEN_LAKE_MAPS[map];
  throw new OptionError(expectation("map", '"4x4", "8x8" or a list of rows', map));
}

function isEnd(cell: string): boolean {
  return cell === "G" || cell === "H";
}
