import { join } from "node:path";
import { cartPole } from "@uphill/envs";
import type { EnvironmentDefinition, ResetOptions } from "@uphill/envs";
import { ppoAlgorithm } from "@uphill/pg-algorithms";
import { describe, expect, it } from "vitest";
import { emptyFolder } from "../../test/folder.js";
import { expectSameRuns, metricsOf } from "../../test/run-contents.js";
import { agentOf, startRun } from "./run.js";
import type { Run } from "./run.js";
import { trainRun } from "./train-run.js";
import type { TrainingEnd } from "./train-run.js";

const plan = { every: 300, episodes: 2, confirmationEpisodes: 4, goal: null };
const options = { environments: 2, rolloutSteps: 64, minibatchSize: 64, hiddenWidths: [4], epochs: 1 };

/** CartPole, one at a time, that tells of each episode that is evaluated. */
function watched(onEvaluation: () => void): EnvironmentDefinition {
  const make = () => {
    const environment = cartPole.make();
    const reset = environment.reset.bind(environment);
    environment.reset = (how?: ResetOptions) => {
      if ((how?.seed ?? 0) >= 2 ** 33) onEvaluation();
      return reset(how);
    };
    return environment;
  };
  return { ...cartPole, make, makeBatch: undefined };
}

async function start(out: string, source: EnvironmentDefinition) {
  return startRun({
    algorithm: ppoAlgorithm,
    environment: { reference: "CartPole-v1", source },
    seed: 4,
    steps: 1000,
    selection: plan,
    out,
    overwrite: false,
    preset: "none",
    options,
  });
}

function training(signal: AbortSignal) {
  return { stopAtGoal: false, checkpointEveryMs: 0, signal, onReport: () => undefined };
}

async function goOn(run: Run): Promise<TrainingEnd> {
  const agent = await agentOf(run, "latest");
  await run.folder.rewind(agent.steps);
  return trainRun(run, agent, training(new AbortController().signal));
}

describe("trainRun", () => {
  it("does an evaluation that was interrupted when the run goes on, and ends as if it never was", async () => {
    const whole = join(await emptyFolder(), "whole");
    let episodes = 0;
    const uninterrupted = await start(whole, watched(() => (episodes += 1)));
    const steps = { steps: 1000 };
    await trainRun(uninterrupted.run, uninterrupted.agent, { ...training(new AbortController().signal), ...steps });
    expect(episodes).toBeGreaterThan(10);

    for (let stopAt = 1; stopAt <= episodes; stopAt += 3) {
      const stopped = join(await emptyFolder(), "stopped");
      const controller = new AbortController();
      let seen = 0;
      const { run, agent } = await start(stopped, watched(() => (seen += 1) === stopAt && controller.abort()));
      const end = await trainRun(run, agent, { ...training(controller.signal), ...steps });
      expect(end.reason).toBe("interrupted");
      expect((await metricsOf(stopped)).at(-1)).toMatchObject({ evaluationPending: true });
      expect((await goOn(run)).reason).toBe("budget");
      await expectSameRuns(stopped, whole);
    }
  });

  it("saves what is done before it passes on an error", async () => {
    const out = join(await emptyFolder(), "run");
    const broken = watched(() => {
      throw new Error("out of order");
    });
    const { run, agent } = await start(out, broken);
    const signal = new AbortController().signal;
    await expect(trainRun(run, agent, { ...training(signal), steps: 1000 })).rejects.toThrow("out of order");
    expect((await agentOf(run, "latest")).steps).toBe(384);
  });
});
