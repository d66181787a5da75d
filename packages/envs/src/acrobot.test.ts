import { describe, expect, test } from "vitest";
import { environmentContract } from "../test/environment-contract.js";
import { recordedRuns } from "../test/recordings.js";
import { expectRecordedEpisodes, expectRecordedStates } from "../test/replay.js";
import { acrobot } from "./acrobot.js";
import { makeEnvironment } from "./make.js";

test("torque along with the first joint's speed swings the arm up, to a last reward of 0", () => {
  const environment = makeEnvironment(acrobot);
  let observation = environment.reset({ seed: 0 });
  for (let t = 1; ; t++) {
    const step = environment.step(observation[4] > 0 ? 0 : 2);
    observation = step.observation;
    expect(step.reward).toBe(step.terminated ? 0 : -1);
    if (!step.terminated) continue;
    expect(t).toBeLessThan(200);
    return;
  }
});

environmentContract(acrobot);

describe("the recordings of Gymnasium 1.4", () => {
  const runs = recordedRuns("Acrobot-v1");

  test.each(runs)("seed $seed ($policy): 200 steps, observations to the bit, state to 1e-9", (run) => {
    const start = { ...run, action: run.action.slice(0, 200) };
    expectRecordedEpisodes(makeEnvironment(acrobot), start, 0);
    expectRecordedStates(acrobot, start, 1e-9);
  });

  test("seed 1001: 400 steps, in which a last place of a sine has grown to 1e-7 at most", () => {
    const run = runs[3];
    expect(run.action.length).toBeGreaterThan(400);
    expectRecordedStates(acrobot, { ...run, action: run.action.slice(0, 400) }, 1e-7);
  });
});

test("is what Gymnasium calls Acrobot-v1", () => {
  const { id, maxEpisodeSteps, rewardThreshold } = acrobot;
  expect({ id, maxEpisodeSteps, rewardThreshold }).toEqual({
    id: "Acrobot-v1",
    maxEpisodeSteps: 500,
    rewardThreshold: -100,
  });
  const { observationSpace, actionSpace } = acrobot.make();
  expect(actionSpace.n).toBe(3);
  const high = [1, 1, 1, 1, 4 * Math.PI, 9 * Math.PI].map(Math.fround);
  expect([...observationSpace.high]).toEqual(high);
  expect([...observationSpace.low]).toEqual(high.map((bound) => -bound));
});
