import { readFileSync } from "node:fs";
import type { Environment } from "@uphill/envs";
import { expect } from "vitest";
import { recordedRuns, type RecordedRun } from "../../envs/test/recordings.js";

const REFERENCE = new URL("reference/", import.meta.url);

/** Gymnasium's heuristic, over the episode of one seed. */
export interface RecordedLanding {
  readonly seed: number;
  readonly return: number;
  readonly steps: number;
}

/** The recorded runs of a file. */
export function recordedFlights(name: string): readonly RecordedRun[] {
  return recordedRuns(name, REFERENCE);
}

/** How Gymnasium's heuristic lands from seeds 0 to 99. */
export function recordedLandings(id: string): readonly RecordedLanding[] {
  const { landings } = JSON.parse(readFileSync(new URL("landings.json", REFERENCE), "utf8")) as {
    readonly landings: Readonly<Record<string, readonly RecordedLanding[]>>;
  };
  return landings[id];
}

/** How far a replay may be from its recording. */
export interface Tolerance {
  readonly observation: number;
  readonly reward: number;
  /** Steps of each episode over which these hold; flags, last rewards and resets are to be right throughout. */
  steps(episode: number): number;
}

/** Replays a run and expects what was recorded. */
export function expectRecordedFlights(environment: Environment, run: RecordedRun, tolerance: Tolerance): void {
  let [episode, elapsed] = [0, 0];
  expectNear(environment.reset({ seed: run.seed }), run.obs0, 1e-6, "first observation");
  run.action.forEach((action, t) => {
    const step = environment.step(typeof action === "number" ? action : Float32Array.from(action));
    expect([step.terminated, step.truncated].map(Number), `flags ${t}`).toEqual([run.terminated[t], run.truncated[t]]);
    if (elapsed < tolerance.steps(episode)) {
      expectNear(step.observation, run.obs[t], tolerance.observation, `observation ${t}`);
      expectNear([step.reward], [run.reward[t]], tolerance.reward, `reward ${t}`);
    }
    elapsed += 1;
    if (!step.terminated && !step.truncated) return;
    expect(step.reward, `last reward ${t}`).toBe(run.reward[t]);
    expectNear(environment.reset(), run.resetObs[t], 1e-6, `reset ${t}`);
    [episode, elapsed] = [episode + 1, 0];
  });
}

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, where: string): void {
  expect(actual).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i]), `${where}, number ${i}`).toBeLessThanOrEqual(tolerance);
  }
}
