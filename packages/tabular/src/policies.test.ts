import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose, generated, normals, references } from "../test/mdps.js";
import { Random } from "@uphill/core-math";
import { boltzmannPolicy, finiteMdp, greedyPolicy, policyValue, softmaxPolicy } from "./index.js";

const mdp = finiteMdp({
  states: 1,
  actions: 3,
  transition: [1, 1, 1],
  reward: [1, 2, 2],
  initial: [1],
  gamma: 0.5,
});

test("greedy takes the first of the best, Boltzmann shares", () => {
  expect([...greedyPolicy(mdp, [0])]).toEqual([0, 1, 0]);
  const e = Math.E;
  expectClose(boltzmannPolicy(mdp, [0], 1), [1 / (1 + 2 * e), e / (1 + 2 * e), e / (1 + 2 * e)]);
  expectClose(softmaxPolicy(mdp, [0, Math.LN2, 0]), [0.25, 0.5, 0.25]);
});

test("logits of any size are safe", () => {
  expect([...softmaxPolicy(mdp, [1e300, -1e300, 0])]).toEqual([1, 0, 0]);
  expect([...boltzmannPolicy(mdp, [0], 1e-300)]).toEqual([0, 0.5, 0.5]);
});

describe("laws", () => {
  test("a policy that is greedy for V^π is at least as good as π in every state", () => {
    fc.assert(
      fc.property(generated, ({ mdp: world, policies: [policy] }) => {
        const value = policyValue(world, policy);
        const better = policyValue(world, greedyPolicy(world, value));
        better.forEach((v, s) => expect(v).toBeGreaterThanOrEqual(value[s] - 1e-10));
      }),
    );
  });

  test("softmax does not change where a number is added to a state's logits", () => {
    fc.assert(
      fc.property(generated, fc.nat(), ({ mdp: world }, seed) => {
        const logits = normals(world.states * world.actions, 2, new Random(seed));
        const shifted = logits.map((x, i) => x + 10 * Math.floor(i / world.actions));
        expectClose(softmaxPolicy(world, shifted), softmaxPolicy(world, logits));
      }),
    );
  });

  test("Boltzmann tends to greedy as the temperature falls, and to uniform as it rises", () => {
    fc.assert(
      fc.property(generated, ({ mdp: world, values: [value] }) => {
        expectClose(boltzmannPolicy(world, value, 1e-12), greedyPolicy(world, value));
        expectClose(boltzmannPolicy(world, value, 1e14), new Float64Array(world.reward.length).fill(1 / world.actions));
      }),
    );
  });
});

test.each(references())("reference policy %#", ({ mdp: world, logits, policy }) => {
  expectClose(softmaxPolicy(world, logits), policy);
});

test("errors", () => {
  expect(() => softmaxPolicy(mdp, [0, Number.NaN, 0])).toThrow("logits at [0, 1]: expected a finite number, got NaN");
  expect(() => softmaxPolicy(mdp, [0])).toThrow("logits: expected length 3, got [0]");
  expect(() => boltzmannPolicy(mdp, [0], 0)).toThrow("temperature: expected a finite number > 0, got 0");
});
