import { requireBoolean, requireObject } from "@uphill/core-math";
import { type AnsiColour, coloured } from "./ansi.js";
import { finiteEnvironment, type FiniteEnvironmentDefinition } from "./finite-environment.js";
import type { FiniteProblem, Outcome } from "./finite-problem.js";

/** What {@link taxiWith} takes. */
export interface TaxiOptions {
  /** Whether a move goes astray to either side with probability 0.1 each. Default false. */
  readonly rainy?: boolean;
}

/** The city: a `:` between two cells lets the taxi through, a `|` does not. */
const MAP = [
  "+---------+",
  "|R: | : :G|",
  "| : | : : |",
  "| : : : : |",
  "| | : | : |",
  "|Y| : |B: |",
  "+---------+",
] as const;
/** Row and column of each stand: R, G, Y and B. */
const STANDS = [[0, 0], [0, 4], [4, 0], [4, 3]] as const;

const SIZE = 5;
/** The passenger's place while in the taxi; below it, places are stands. */
const ABOARD = 4;
const PICK_UP = 4;
const AHEAD_IN_RAIN = 0.8;
const ASTRAY_IN_RAIN = (1 - AHEAD_IN_RAIN) / 2;

/** South, north, east, west: by how many rows and columns. */
const MOVES = [[1, 0], [-1, 0], [0, 1], [0, -1]] as const;
/** For each move, the moves to its left and to its right. */
const SIDES = [[2, 3], [3, 2], [1, 0], [0, 1]] as const;

/** Where taxi, passenger and destination are: what a state's number stands for. */
export interface TaxiPlaces {
  readonly row: number;
  readonly column: number;
  /** 0 … 3 at a stand, 4 in the taxi. */
  readonly passenger: number;
  /** 0 … 3. */
  readonly destination: number;
}

/** The places that a state's number ((row · 5 + column) · 5 + passenger) · 4 + destination stands for. */
export function taxiPlaces(state: number): TaxiPlaces {
  return {
    row: Math.floor(state / 100),
    column: Math.floor(state / 20) % 5,
    passenger: Math.floor(state / 4) % 5,
    destination: state % 4,
  };
}

/** The city in sun or rain. */
export function taxiProblem(rainy: boolean): FiniteProblem {
  const states = SIZE * SIZE * 5 * 4;
  const startable = Float64Array.from({ length: states }, (_, state) => {
    const { passenger, destination } = taxiPlaces(state);
    return passenger !== ABOARD && passenger !== destination ? 1 : 0;
  });
  const starts = startable.reduce((sum, start) => sum + start);
  return {
    states,
    actions: 6,
    initial: startable.map((start) => start / starts),
    outcomes: (state, action) => {
      const places = taxiPlaces(state);
      if (action >= PICK_UP) return [action === PICK_UP ? pickUp(places) : dropOff(places)];
      return rainy ? movesInRain(places, action) : [moved(places, stepTo(places, action), 1)];
    },
  };
}

/**
 * Taxi-v4, in rain if asked for.
 *
 * @param options - The weather.
 * @throws OptionError where `rainy` is neither true nor false.
 */
export function taxiWith(options: TaxiOptions): FiniteEnvironmentDefinition {
  const rainy = requireBoolean("rainy", requireObject("options", options)["rainy"] ?? false);
  return finiteEnvironment({ id: "Taxi-v4", maxEpisodeSteps: 200, rewardThreshold: 8, text }, taxiProblem(rainy));
}

/**
 * Taxi-v4: pick up a passenger at one of four stands of a 5×5 city, and bring them to another.
 *
 * Observation `[1]`: ((row · 5 + column) · 5 + passenger) · 4 + destination; stands are 0 … 3 (R, G, Y, B), and passenger
 * 4 is in the taxi. Actions: south (0), north (1), east (2), west (3), pick up (4), drop off (5); walls hold. Reward −1 a
 * step, 20 for the passenger at the destination, −10 for a pick-up or drop-off that cannot be. Starts in any cell with
 * passenger and destination at different stands. Terminates at the destination; limited to 200 steps; solved at a mean
 * return of 8. To the draw what Gymnasium 1.4 does from the same seed.
 *
 * `mdp` is exact in the states that episodes visit: not in those with the passenger already at the destination.
 *
 * Source: Dietterich 2000, "Hierarchical reinforcement learning with the MAXQ value function decomposition"; Gymnasium's
 * Taxi-v4.
 */
export const taxi: FiniteEnvironmentDefinition = taxiWith({});

/** The city with the destination in magenta, the passenger's stand in blue, and the taxi: yellow, green with them. */
function text(observation: ArrayLike<number>, action?: number): string {
  const { row, column, passenger, destination } = taxiPlaces(observation[0]);
  const cells = MAP.map((line) => line.split(""));
  const colour = ([at, along]: readonly [number, number], ...colours: readonly AnsiColour[]): void => {
    cells[1 + at][2 * along + 1] = coloured(cells[1 + at][2 * along + 1], ...colours);
  };
  if (passenger === ABOARD) {
    if (cells[1 + row][2 * column + 1] === " ") cells[1 + row][2 * column + 1] = "_";
    colour([row, column], "greenBackground");
  } else {
    colour([row, column], "yellowBackground");
    colour(STANDS[passenger], "blue", "bold");
  }
  colour(STANDS[destination], "magenta");
  const names = ["South", "North", "East", "West", "Pickup", "Dropoff"];
  const move = action === undefined ? "" : `  (${names[action]})`;
  return `${[...cells.map((line) => line.join("")), move].join("\n")}\n`;
}

function stateOf({ row, column, passenger, destination }: TaxiPlaces): number {
  return ((row * SIZE + column) * 5 + passenger) * 4 + destination;
}

function standAt({ row, column }: TaxiPlaces): number {
  return STANDS.findIndex(([standRow, standColumn]) => standRow === row && standColumn === column);
}

function moved(places: TaxiPlaces, to: TaxiPlaces, probability: number): Outcome {
  return { probability, next: stateOf({ ...places, row: to.row, column: to.column }), reward: -1, terminated: false };
}

function pickUp(places: TaxiPlaces): Outcome {
  if (places.passenger === ABOARD || standAt(places) !== places.passenger) return refused(places);
  return { probability: 1, next: stateOf({ ...places, passenger: ABOARD }), reward: -1, terminated: false };
}

function dropOff(places: TaxiPlaces): Outcome {
  const stand = standAt(places);
  if (places.passenger !== ABOARD || stand < 0) return refused(places);
  const arrived = stand === places.destination;
  const next = stateOf({ ...places, passenger: stand });
  return { probability: 1, next, reward: arrived ? 20 : -1, terminated: arrived };
}

function refused(places: TaxiPlaces): Outcome {
  return { probability: 1, next: stateOf(places), reward: -10, terminated: false };
}

/** Ahead, left and right; where the way ahead is barred, the taxi stays. */
function movesInRain(places: TaxiPlaces, move: number): readonly Outcome[] {
  const ahead = stepTo(places, move);
  const barred = ahead === places;
  const [left, right] = SIDES[move].map((side) => (barred ? places : stepTo(places, side)));
  return [moved(places, ahead, AHEAD_IN_RAIN), moved(places, left, ASTRAY_IN_RAIN), moved(places, right, ASTRAY_IN_RAIN)];
}

/** The cell that a move leads to; `places` itself where a wall or the edge holds. */
function stepTo(places: TaxiPlaces, move: number): TaxiPlaces {
  const [rows, columns] = MOVES[move];
  const [row, column] = [places.row + rows, places.column + columns];
  if (row < 0 || row >= SIZE) return places;
  if (columns !== 0 && MAP[1 + row][2 * places.column + 1 + columns] !== ":") return places;
  return { ...places, row, column };
}
