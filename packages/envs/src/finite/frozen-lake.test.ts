import { FormatError, OptionError, ShapeError } from "@uphill/core-math";
import { policyIteration } from "@uphill/tabular";
import { describe, expect, test } from "vitest";
import { finiteContract, processContract } from "../../test/finite-contract.js";
import { expectRecordedTable } from "../../test/expect-table.js";
import { recordedRuns } from "../../test/recordings.js";
import { expectRecordedEpisodes } from "../../test/replay.js";
import { makeEnvironment } from "../make.js";
import { frozenLake, frozenLake8x8, type FrozenLakeOptions, frozenLakeProblem, frozenLakeWith } from "./frozen-lake.js";

const firmLake = frozenLakeWith({ slippery: false });

test("on firm ice six steps lead around the holes to the goal", () => {
  const environment = makeEnvironment(firmLake);
  expect([...environment.reset({ seed: 0 })]).toEqual([0]);
  const steps = [1, 1, 2, 2, 1, 2].map((action) => environment.step(action));
  expect(steps.map(({ observation }) => observation[0])).toEqual([4, 8, 9, 10, 14, 15]);
  expect(steps.map(({ reward }) => reward)).toEqual([0, 0, 0, 0, 0, 1]);
  expect(steps.map(({ terminated }) => terminated)).toEqual([false, false, false, false, false, true]);
});

describe.each([frozenLake, frozenLake8x8])("$id", (definition) => {
  finiteContract(definition);
});

describe("on firm ice", () => {
  processContract(firmLake);
});

test("the discounted value of the best way over firm ice is γ⁵, and less over slippery ice", () => {
  const firm = firmLake.mdp(0.9);
  expect(policyIteration(firm).value[0]).toBeCloseTo(0.9 ** 5, 12);
  expect(policyIteration(frozenLake.mdp(0.9)).value[0]).toBeLessThan(0.9 ** 5 / 2);
});

describe("Gymnasium 1.4", () => {
  test.each([
    ["FrozenLake-v1", {}],
    ["FrozenLake-v1-dry", { slippery: false }],
    ["FrozenLake-v1-success", { successRate: 0.7, rewards: { goal: 10, hole: -5, frozen: -1 } }],
    ["FrozenLake8x8-v1", { map: "8x8" }],
  ] satisfies [string, FrozenLakeOptions][])("%s: every outcome of every state and action", (name, options) => {
    expectRecordedTable(frozenLakeProblem(options), name);
  });

  describe.each([
    ["FrozenLake-v1-slippery", frozenLake],
    ["FrozenLake-v1", firmLake],
    ["FrozenLake8x8-v1-slippery", frozenLake8x8],
  ] as const)("recorded episodes of %s", (name, definition) => {
    test.each(recordedRuns(name))("seed $seed ($policy)", (run) => {
      expectRecordedEpisodes(makeEnvironment(definition), run, 0);
    });
  });

  test("the same names, limits and thresholds", () => {
    expect(frozenLake).toMatchObject({ id: "FrozenLake-v1", maxEpisodeSteps: 100, rewardThreshold: 0.7, states: 16 });
    expect(frozenLake8x8).toMatchObject({ id: "FrozenLake8x8-v1", maxEpisodeSteps: 200, rewardThreshold: 0.85 });
  });
});

test("a map of your own, with two starts", () => {
  const lake = frozenLakeWith({ map: ["SFS", "HFG"], slippery: false });
  expect([...lake.mdp(0.5).initial]).toEqual([0.5, 0, 0.5, 0, 0, 0]);
  const environment = makeEnvironment(lake);
  const starts = Array.from({ length: 50 }, (_, seed) => environment.reset({ seed })[0]);
  expect(new Set(starts)).toEqual(new Set([0, 2]));
});

test("a saved state of a larger lake is refused", () => {
  const [small, large] = [makeEnvironment(frozenLake), makeEnvironment(frozenLakeWith({ map: "8x8", slippery: false }))];
  small.reset({ seed: 0 });
  large.reset({ seed: 0 });
  for (let t = 0; t < 5; t++) large.step(1);
  const saved = large.saveState?.() ?? null;
  expect(() => small.restoreState?.(saved)).toThrow(new FormatError("state: expected a saved state of this environment, got 40"));
});

test("what makes no lake", () => {
  const lake = (options: unknown) => () => frozenLakeWith(options as FrozenLakeOptions);
  expect(lake({ map: "5x5" })).toThrow(new OptionError('map: expected "4x4", "8x8" or a list of rows, got "5x5"'));
  expect(lake({ map: [] })).toThrow("map: expected a list of rows, got []");
  expect(lake({ map: ["SX"] })).toThrow(new OptionError('map[0]: expected a string of S, F, H and G, got "SX"'));
  expect(lake({ map: ["SF", "G"] })).toThrow(new ShapeError('map: expected rows of 2 cells, got "G"'));
  expect(lake({ map: ["FG"] })).toThrow("map: expected at least one S, got none");
  expect(lake({ successRate: 2 })).toThrow("successRate: expected a finite number in [0, 1], got 2");
  expect(lake({ slippery: 1 })).toThrow("slippery: expected true or false, got 1");
  expect(lake({ rewards: { goal: 1 } })).toThrow("rewards.hole: expected a finite number, got undefined");
  expect(lake(null)).toThrow("options: expected an object, got null");
  expect(() => frozenLakeWith({ map: Array.from({ length: 64 }, () => "S".repeat(64)) }).mdp(0.9)).toThrow(
    "mdp: expected at most 33554432 transition probabilities, got 67108864",
  );
});
