import { OptionError } from "@uphill/core-math";
import { valueIteration } from "@uphill/tabular";
import { describe, expect, test } from "vitest";
import { finiteContract, processContract } from "../../test/finite-contract.js";
import { expectRecordedTable } from "../../test/expect-table.js";
import { recordedRuns } from "../../test/recordings.js";
import { expectRecordedEpisodes } from "../../test/replay.js";
import { makeEnvironment } from "../make.js";
import { taxi, type TaxiOptions, taxiPlaces, taxiProblem, taxiWith } from "./taxi.js";

const rainyTaxi = taxiWith({ rainy: true });

test("state 328 is the taxi in row 3 and column 1, the passenger at Y, the destination at R", () => {
  expect(taxiPlaces(328)).toEqual({ row: 3, column: 1, passenger: 2, destination: 0 });
});

finiteContract(taxi);

describe("in rain", () => {
  processContract(rainyTaxi);
});

test("from state 328 the best way is eight moves, a pick-up and the drop-off", () => {
  const gamma = 0.9;
  const { value } = valueIteration(taxi.mdp(gamma));
  expect(value[328]).toBeCloseTo(-(1 - gamma ** 9) / (1 - gamma) + 20 * gamma ** 9, 8);
});

describe("Gymnasium 1.4", () => {
  test("every outcome of every state and action", () => {
    expectRecordedTable(taxiProblem(false), "Taxi-v4");
    expectRecordedTable(taxiProblem(true), "Taxi-v4-rainy");
  });

  describe.each([
    ["Taxi-v4", taxi],
    ["Taxi-v4-rainy", rainyTaxi],
  ] as const)("recorded episodes of %s", (name, definition) => {
    test.each(recordedRuns(name))("seed $seed ($policy)", (run) => {
      expectRecordedEpisodes(makeEnvironment(definition), run, 0);
    });
  });

  test("the same name, limit and threshold", () => {
    expect(taxi).toMatchObject({ id: "Taxi-v4", maxEpisodeSteps: 200, rewardThreshold: 8, states: 500 });
  });
});

test("weather that is none", () => {
  expect(() => taxiWith({ rainy: "yes" } as unknown as TaxiOptions)).toThrow(
    new OptionError('rainy: expected true or false, got "yes"'),
  );
  expect(() => taxiWith(undefined as unknown as TaxiOptions)).toThrow("options: expected an object, got undefined");
});
