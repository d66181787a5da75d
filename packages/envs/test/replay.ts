import type { Environment, EnvironmentDefinition } from "../src/environment.js";
import { stepArrays } from "../src/internal/step-arrays.js";
import type { ActionsOf, Space } from "../src/spaces/space.js";
import { expectAtMost, expectSame } from "./expect-same.js";
import type { RecordedRun } from "./recordings.js";

/** Replays a run and expects observations and flags to the bit, rewards to `tolerance`. */
export function expectRecordedEpisodes(environment: Environment, run: RecordedRun, tolerance: number): void {
  expectSame([...environment.reset({ seed: run.seed })], run.obs0);
  run.action.forEach((action, t) => {
    const step = environment.step(typeof action === "number" ? action : Float32Array.from(action));
    expectSame([...step.observation], run.obs[t], `observation ${t}`);
    expectSame([step.terminated, step.truncated].map(Number), [run.terminated[t], run.truncated[t]], `flags ${t}`);
    expectAtMost(Math.abs(step.reward - run.reward[t]), tolerance, `reward ${t}`);
    if (step.terminated || step.truncated) expectSame([...environment.reset()], run.resetObs[t], `reset ${t}`);
  });
}

/** Replays a run on the native form and expects the float64 state to `tolerance`, after unseeded resets as well. */
export function expectRecordedStates<A extends Space>(
  definition: EnvironmentDefinition<A>,
  run: RecordedRun,
  tolerance: number,
): void {
  const batch = definition.makeBatch?.(1);
  if (batch?.saveState === undefined) throw new Error(`${definition.id} has no native form that saves its state`);
  const saveState = batch.saveState.bind(batch);
  const results = stepArrays(1, batch.observationSpace.size);
  const expectState = (expected: readonly number[], when: string): void => {
    const { state } = saveState() as { readonly state: readonly (readonly number[])[] };
    expected.forEach((value, i) => {
      expectAtMost(Math.abs(state[i][0] - value), tolerance, `${when}, quantity ${i}`);
    });
  };
  batch.reset(0, run.seed, results.observations);
  expectState(run.state0, "first state");
  run.action.forEach((action, t) => {
    const actions = typeof action === "number" ? Int32Array.of(action) : Float32Array.from(action);
    batch.step(actions as ActionsOf<A>, results);
    expectState(run.state[t], `state ${t}`);
    if (run.terminated[t] + run.truncated[t] === 0) return;
    batch.reset(0, undefined, results.observations);
    if (run.resetState !== undefined) expectState(run.resetState[t], `state after reset ${t}`);
  });
}
