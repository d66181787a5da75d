import { cartPole, makeEnvironment, pendulum } from "@uphill/envs";
import { ppo } from "@uphill/pg-algorithms";
import { expect, test } from "vitest";
import { Playback } from "./playback.js";

const SEED = 5;
/** More than an untrained policy keeps the pole up for. */
const COUNT = 300;

test("a cart-pole episode from its beginning, with its end, then the next", () => {
  const { policy } = ppo({ env: cartPole, seed: 1 });
  const { count, observations, actions, steps, returns } = new Playback(policy, cartPole, SEED).play(COUNT);
  expect([count, observations.length, actions.length]).toEqual([COUNT, 4 * COUNT, COUNT]);

  const environment = makeEnvironment(cartPole);
  let observation = environment.reset({ seed: SEED });
  for (let i = 0, ended = false; i < count; i++) {
    expect(observations.slice(4 * i, 4 * i + 4)).toEqual(observation);
    expect(returns[i]).toBe(steps[i]);
    if (i + 1 === count) break;
    if (ended) {
      observation = environment.reset();
      ended = false;
      expect([steps[i + 1], actions[i + 1]]).toEqual([0, 0]);
      continue;
    }
    const action = policy.act(observation);
    expect([steps[i + 1], actions[i + 1]]).toEqual([steps[i] + 1, action]);
    const step = environment.step(action);
    observation = step.observation;
    ended = step.terminated || step.truncated;
  }
  expect([...steps].filter((step) => step === 0).length).toBeGreaterThan(1);
});

test("parts follow on from each other", () => {
  const { policy } = ppo({ env: pendulum, seed: 1 });
  const whole = new Playback(policy, pendulum, SEED).play(450);
  const parts = new Playback(policy, pendulum, SEED);
  const [first, second] = [parts.play(150), parts.play(300)];
  for (const name of ["observations", "actions", "steps", "returns"] as const) {
    expect([...first[name], ...second[name]]).toEqual([...whole[name]]);
  }
  expect(Math.max(...whole.steps)).toBe(200);
});
