import { expectation, OptionError, Random, requireInteger, requireNumber, requireObject, ShapeError } from "@uphill/core-math";

/** The maps of FrozenLake-v1 and FrozenLake8x8-v1. */
export const FROZEN_LAKE_MAPS = {
  "4x4": ["SFFF", "FHFH", "FFFH", "HFFG"],
  "8x8": ["SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"],
} as const;

/** What {@link frozenLakeMap} takes. */
export interface FrozenLakeMapOptions {
  /** Rows and columns, an integer in [2, 64]. Default 8. */
  readonly size?: number;
  /** Probability in (0, 1] that a cell is frozen rather than a hole. Default 0.8. */
  readonly frozen?: number;
  /** Seed of the map: a non-negative safe integer. */
  readonly seed: number;
}

/** A map, row after row. */
export interface FrozenLakeMap {
  readonly cells: readonly string[];
  /** Length of a row. */
  readonly columns: number;
}

/** Maps are drawn until one has a way; where holes are likely, that may never be. */
const MOST_TRIES = 10_000;

/**
 * A random square map for FrozenLake: start top left, goal bottom right, and a way between them.
 *
 * @param options - Size, how much is frozen, and seed.
 * @returns Its rows; the map that `generate_random_map` of Gymnasium 1.4 makes from the same seed.
 * @throws OptionError for options out of range, or where none of 10,000 maps had a way.
 */
export function frozenLakeMap(options: FrozenLakeMapOptions): readonly string[] {
  requireObject("options", options);
  const size = requireInteger("size", options.size ?? 8, { least: 2, most: 64 });
  const frozen = requireNumber("frozen", options.frozen ?? 0.8, { above: 0, most: 1 });
  const random = new Random(requireInteger("seed", options.seed, { least: 0 }));
  const share = frozen / (frozen + (1 - frozen));
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const cells: string[] = Array.from({ length: size * size }, () => (random.random() < share ? "F" : "H"));
    cells[0] = "S";
    cells[cells.length - 1] = "G";
    if (hasWay(cells, size)) return Array.from({ length: size }, (_, row) => cells.slice(row * size, (row + 1) * size).join(""));
  }
  throw new OptionError(`frozen: expected a probability that leaves a way to the goal, got ${frozen}, which left none`);
}

/**
 * The cells of a map, row after row, and the length of a row.
 *
 * @throws OptionError for what is no list of rows of S, F, H and G with at least one S; ShapeError for rows that differ in
 *   length.
 */
export function readFrozenLakeMap(map: unknown): FrozenLakeMap {
  if (!Array.isArray(map) || map.length === 0) throw new OptionError(expectation("map", "a list of rows", map));
  const rows = map.map((row: unknown, i) => {
    if (typeof row === "string" && /^[SFHG]+$/u.test(row)) return row;
    throw new OptionError(expectation(`map[${i}]`, "a string of S, F, H and G", row));
  });
  const columns = rows[0].length;
  const ragged = rows.find((row) => row.length !== columns);
  if (ragged !== undefined) throw new ShapeError(expectation("map", `rows of ${columns} cells`, ragged));
  const cells = rows.flatMap((row) => row.split(""));
  if (!cells.includes("S")) throw new OptionError("map: expected at least one S, got none");
  return { cells, columns };
}

/** Whether the goal can be reached from the first cell without a hole on the way. */
function hasWay(cells: readonly string[], size: number): boolean {
  const found = new Set([0]);
  for (const cell of found) {
    if (cells[cell] === "G") return true;
    const column = cell % size;
    const neighbours = [cell - size, cell + size];
    if (column > 0) neighbours.push(cell - 1);
    if (column < size - 1) neighbours.push(cell + 1);
    for (const next of neighbours) if (next >= 0 && next < cells.length && cells[next] !== "H") found.add(next);
  }
  return false;
}
