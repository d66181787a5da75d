import { Random } from "@uphill/core-math";
import { pendulum } from "@uphill/envs";
import { describe, expect, test } from "vitest";
import { findAlgorithm } from "./algorithms.js";
import type { BatchAlgorithm } from "./batch-algorithms.js";
import type { Configuration } from "./configuration.js";
import { learnFromBatch, randomTransitions } from "./learn-from-batch.js";
import type { BatchRun } from "./learn-from-batch.js";
import { curvePoints } from "./results-file.js";

const algorithm = findAlgorithm("nfqca") as BatchAlgorithm;
const configuration: Configuration = {
  name: "small",
  family: "batch",
  algorithm: "nfqca",
  environment: "Pendulum-v1",
  steps: 300,
  goal: null,
  options: { iterations: 4, criticEpochs: 1, policyEpochs: 1, hiddenWidths: [4] },
};

function run(more: Partial<BatchRun> = {}) {
  const { signal } = new AbortController();
  return learnFromBatch({ configuration, algorithm, env: pendulum, seed: 3, signal, onProgress: () => undefined, ...more });
}

describe("learnFromBatch", () => {
  test("evaluates the last policy, and those on the way for the curve", async () => {
    const lines: string[] = [];
    const result = (await run({ onProgress: (line) => lines.push(line) }))!;
    expect(result).toMatchObject({ seed: 3, node: process.version });
    expect(result.curve).toHaveLength(curvePoints);
    expect(new Set(result.curve).size).toBeLessThanOrEqual(4);
    expect(lines.at(-1)).toContain("4 of 4 iterations, return ");
    const { seconds: _, ...again } = (await run())!;
    expect(result).toMatchObject(again);
  });

  test("ends where it is interrupted, without a result", async () => {
    const controller = new AbortController();
    expect(await run({ signal: controller.signal, onProgress: () => controller.abort() })).toBeUndefined();
  });
});

test("random transitions are whole episodes, one after the other", () => {
  const transitions = randomTransitions(pendulum, 450, new Random(2));
  const batch = transitions.emptyBatch(450);
  batch.rows.forEach((_, k) => (batch.rows[k] = k));
  transitions.gather(batch, { gamma: 1 });
  expect([...batch.truncated.keys()].filter((k) => batch.truncated[k] === 1)).toEqual([199, 399]);
  expect(batch.nextObservations.subarray(0, 3)).toEqual(batch.observations.subarray(3, 6));
});
