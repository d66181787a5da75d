import { policyIteration } from "@uphill/tabular";
import { describe, expect, test } from "vitest";
import { finiteContract } from "../../test/finite-contract.js";
import { expectRecordedTable } from "../../test/expect-table.js";
import { recordedRuns } from "../../test/recordings.js";
import { expectRecordedEpisodes } from "../../test/replay.js";
import { makeEnvironment } from "../make.js";
import { cliffWalking, cliffWalkingProblem, cliffWalkingSlippery } from "./cliff-walking.js";

test("over the cliff lies the start; along it lies the goal", () => {
  const environment = makeEnvironment(cliffWalking);
  expect([...environment.reset({ seed: 0 })]).toEqual([36]);
  expect(environment.step(1)).toMatchObject({ reward: -100, terminated: false, observation: Float32Array.of(36) });
  const way = [0, ...Array.from({ length: 11 }, () => 1), 2].map((action) => environment.step(action));
  expect(way.map(({ reward }) => reward)).toEqual(way.map(() => -1));
  expect(way.at(-1)).toMatchObject({ terminated: true, observation: Float32Array.of(47) });
});

describe.each([cliffWalking, cliffWalkingSlippery])("$id", (definition) => {
  finiteContract(definition);
});

test("the best way takes 13 steps", () => {
  const gamma = 0.99;
  const { value } = policyIteration(cliffWalking.mdp(gamma));
  expect(value[36]).toBeCloseTo(-(1 - gamma ** 13) / (1 - gamma), 10);
});

describe("Gymnasium 1.4", () => {
  test("every outcome of every state and action", () => {
    expectRecordedTable(cliffWalkingProblem(false), "CliffWalking-v1");
    expectRecordedTable(cliffWalkingProblem(true), "CliffWalkingSlippery-v1");
  });

  describe.each([cliffWalking, cliffWalkingSlippery])("recorded episodes of $id", (definition) => {
    test.each(recordedRuns(definition.id))("seed $seed ($policy)", (run) => {
      expectRecordedEpisodes(makeEnvironment(definition), run, 0);
      expect([definition.maxEpisodeSteps, definition.rewardThreshold]).toEqual([undefined, undefined]);
    });
  });
});
