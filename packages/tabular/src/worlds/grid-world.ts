import { describe, expectation, OptionError, requireNumber, requireObject } from "@uphill/core-math";
import { FiniteMdp } from "../finite-mdp.js";
import { requireModestSize } from "../internal/require.js";

/** What {@link gridWorld} makes. */
export interface GridWorldOptions {
  /**
   * Rows of equal length, one character a cell: `S` a start, `G` a goal, `#` a wall, `.` free. At least one start and one
   * goal.
   */
  readonly map: readonly string[];
  /** Probability in [0, 1] that a step goes to one of the two sides instead, either as likely; 0 by default. */
  readonly slip?: number;
  /** What every step earns before the goal, finite; 0 by default. */
  readonly stepReward?: number;
  /** γ in [0, 1). */
  readonly gamma: number;
}

/** Up, right, down, left: by how many rows and columns. */
const MOVES = [[-1, 0], [0, 1], [1, 0], [0, -1]] as const;

/**
 * A grid world: actions 0 … 3 step up, right, down and left; a wall or the edge holds. Entering a goal earns 1 more and
 * ends the episode.
 *
 *     r(s, a) = stepReward + Pr(a goal follows | s, a),   0 in a goal
 *
 * State s is the cell in row ⌊s / width⌋ and column s mod width; walls are states that nothing enters. It starts in any
 * `S`, each as likely. (Sutton and Barto 2018, examples 3.5 and 4.1.)
 *
 * @param options - Map, slip, reward of a step, and γ.
 * @returns The process.
 * @throws OptionError for a map with another character, with rows of different lengths, or without start or goal, and for
 *   numbers out of range.
 */
export function gridWorld(options: GridWorldOptions): FiniteMdp {
  requireObject("options", options);
  const { cells, width } = readMap(options.map);
  const slip = requireNumber("slip", options.slip ?? 0, { least: 0, most: 1 });
  const stepReward = requireNumber("stepReward", options.stepReward ?? 0);
  const states = cells.length;
  const transition = new Float64Array(states * 4 * states);
  const reward = new Float64Array(states * 4);
  for (let pair = 0; pair < 4 * states; pair++) {
    const [from, action] = [Math.floor(pair / 4), pair % 4];
    for (const [turn, probability] of [[0, 1 - slip], [1, slip / 2], [3, slip / 2]]) {
      const to = neighbour(cells, width, from, (action + turn) % 4);
      transition[pair * states + to] += probability;
      if (cells[to] === "G" && to !== from) reward[pair] += probability;
    }
    if (cells[from] !== "G" && cells[from] !== "#") reward[pair] += stepReward;
  }
  const starts = cells.filter((cell) => cell === "S").length;
  const initial = cells.map((cell) => (cell === "S" ? 1 / starts : 0));
  return new FiniteMdp({ states, actions: 4, transition, reward, initial, gamma: options.gamma });
}

/** The cell that a move leads to: goals and walls keep what is in them. */
function neighbour(cells: readonly string[], width: number, from: number, action: number): number {
  if (cells[from] === "G" || cells[from] === "#") return from;
  const [rows, columns] = MOVES[action];
  const column = (from % width) + columns;
  const to = from + rows * width + columns;
  const inside = column >= 0 && column < width && to >= 0 && to < cells.length;
  return inside && cells[to] !== "#" ? to : from;
}

function readMap(map: unknown): { readonly cells: readonly string[]; readonly width: number } {
  if (!Array.isArray(map)) throw new OptionError(expectation("map", "an array of strings", map));
  const rows = map.map((row: unknown, i) => {
    if (typeof row === "string" && /^[SG#.]+$/u.test(row)) return row;
    throw new OptionError(expectation(`map[${i}]`, "a string of S, G, # and .", row));
  });
  const width = rows[0]?.length ?? 0;
  const ragged = rows.findIndex((row) => row.length !== width);
  if (ragged >= 0) throw new OptionError(`map[${ragged}]: expected ${width} cells, got ${describe(rows[ragged])}`);
  const cells = rows.flatMap((row) => row.split(""));
  requireModestSize("map", cells.length, MOVES.length);
  for (const cell of ["S", "G"]) {
    if (!cells.includes(cell)) throw new OptionError(`map: expected at least one ${cell}, got none`);
  }
  return { cells, width };
}
