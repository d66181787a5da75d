import { Random } from "@uphill/core-math";
import {
  discountedVisitation,
  finiteMdp,
  policyAdvantages,
  policyReturn,
  policyTransition,
  policyValue,
  randomMdp,
  softmaxPolicy,
  softmaxPolicyGradient,
} from "@uphill/tabular";
import type { FiniteMdp } from "@uphill/tabular";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/rollouts.js";
import { standardErrors } from "../../test/statistics.js";
import { scoreGradient } from "../gradients/score-gradient.js";
import { discountedReturns } from "../returns/discounted-returns.js";
import { discountPerStep } from "../returns/episodes.js";
import { nStepReturns } from "../returns/n-step-returns.js";
import { policyGradientByImplicitFunction, policyGradientByVisitation, policyGradientThroughSolve } from "./policy-gradients.js";

const ways = [policyGradientByVisitation, policyGradientByImplicitFunction, policyGradientThroughSolve];

/** ∂π(a|s)/∂θ(s, b) = π(a|s) (1[a = b] − π(b|s)), [S, A, S·A]. */
function softmaxGradients({ states, actions }: FiniteMdp, policy: ArrayLike<number>): Float64Array {
  const size = states * actions;
  const gradients = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const state = Math.floor(i / actions);
    for (let j = state * actions; j < (state + 1) * actions; j++) {
      gradients[i * size + j] = policy[i] * ((i === j ? 1 : 0) - policy[j]);
    }
  }
  return gradients;
}

test("two states, one parameter: the probability to stay where a step earns 1", () => {
  // State 0 earns 1 and is left for good by action 1; γ = ½ and π(stay) = θ: η = 1/(1 − θ/2), dη/dθ = ½/(1 − θ/2)².
  const mdp = finiteMdp({
    states: 2,
    actions: 2,
    transition: [1, 0, 0, 1, 0, 1, 0, 1],
    reward: [1, 1, 0, 0],
    initial: [1, 0],
    gamma: 0.5,
  });
  const options = { mdp, policy: [0.4, 0.6, 1, 0], policyGradients: [1, -1, 0, 0] };
  for (const way of ways) expectClose(way(options), [0.5 / 0.64]);
});

describe("laws", () => {
  const problems = fc
    .record({ seed: fc.nat(1e6), states: fc.integer({ min: 1, max: 5 }), actions: fc.integer({ min: 1, max: 3 }), percent: fc.nat(95) })
    .map(({ seed, states, actions, percent }) => {
      const random = new Random(seed);
      const mdp = randomMdp({ states, actions, gamma: percent / 100, random });
      const logits = new Float64Array(states * actions);
      random.fillStandardNormal(logits);
      return { mdp, logits, policy: softmaxPolicy(mdp, logits) };
    });

  test("the three ways agree, with each other and with the closed form for logits", () => {
    fc.assert(
      fc.property(problems, ({ mdp, logits, policy }) => {
        const options = { mdp, policy, policyGradients: softmaxGradients(mdp, policy) };
        for (const way of ways) expectClose(way(options), softmaxPolicyGradient(mdp, logits));
      }),
    );
  });

  test("they are the derivative of the return, by central differences", () => {
    fc.assert(
      fc.property(problems, ({ mdp, logits, policy }) => {
        const gradient = policyGradientThroughSolve({ mdp, policy, policyGradients: softmaxGradients(mdp, policy) });
        const h = 1e-5;
        logits.forEach((_, i) => {
          const at = (step: number) => policyReturn(mdp, softmaxPolicy(mdp, logits.map((x, j) => (i === j ? x + step : x))));
          const difference = (at(h) - at(-h)) / (2 * h);
          // The difference quotient carries h² and 1e-16/h of the return, which grows as 1/(1 − γ).
          expect(Math.abs(gradient[i] - difference)).toBeLessThan(1e-6 / (1 - mdp.gamma));
        });
      }),
      { numRuns: 30 },
    );
  });

  test("E[A] = 0 under its own policy, and visits sum to 1/(1 − γ)", () => {
    fc.assert(
      fc.property(problems, ({ mdp, policy }) => {
        const advantages = policyAdvantages(mdp, policy);
        for (let s = 0; s < mdp.states; s++) {
          let mean = 0;
          for (let i = s * mdp.actions; i < (s + 1) * mdp.actions; i++) mean += policy[i] * advantages[i];
          expect(Math.abs(mean)).toBeLessThan(1e-10);
        }
        const visits = discountedVisitation(mdp, policy).reduce((sum, d) => sum + d, 0);
        expectClose([visits * (1 - mdp.gamma)], [1]);
      }),
    );
  });

  test("trajectories find it: the mean of Σ γᵗ ∇log π · reward-to-go", () => {
    const random = new Random(31);
    const mdp = randomMdp({ states: 3, actions: 2, gamma: 0.7, random });
    const policy = softmaxPolicy(mdp, [0.3, -0.2, 0, 0.5, -0.4, 0.1]);
    const exact = policyGradientByVisitation({ mdp, policy, policyGradients: softmaxGradients(mdp, policy) });
    const estimates = Array.from({ length: 3000 }, () => sampledGradient(mdp, policy, random));
    exact.forEach((component, d) => expect(standardErrors(estimates.map((estimate) => estimate[d]), component)).toBeLessThan(4));
  });
});

/** One trajectory of 40 steps, beyond which γᵗ is below 1e-6. */
function sampledGradient(mdp: FiniteMdp, policy: ArrayLike<number>, random: Random): Float64Array {
  const { states, actions, transition, reward, initial, gamma } = mdp;
  const pairs: number[] = [];
  for (let t = 0, state = pick(random, initial, 0, states); t < 40; t++) {
    const pair = state * actions + pick(random, policy, state * actions, actions);
    pairs.push(pair);
    state = pick(random, transition, pair * states, states);
  }
  const never = pairs.map(() => 0);
  const rollout = { rewards: pairs.map((pair) => reward[pair]), terminated: never, truncated: never, gamma };
  const discounts = discountPerStep(rollout);
  const scores = pairs.flatMap((pair) =>
    Array.from({ length: states * actions }, (_, j) => {
      const own = Math.floor(j / actions) === Math.floor(pair / actions);
      return own ? (j === pair ? 1 : 0) - policy[j] : 0;
    }),
  );
  return scoreGradient({ scores, weights: discountedReturns(rollout).map((value, t) => value * discounts[t]) });
}

test("with a wrong value the n-step return has the bias γⁿ E[(V̂ − V)(s_{t+n})], and Monte Carlo none", () => {
  const random = new Random(41);
  const mdp = randomMdp({ states: 4, actions: 1, gamma: 0.8, random });
  const always = [1, 1, 1, 1];
  const [chain, value] = [policyTransition(mdp, always), policyValue(mdp, always)];
  const wrong = value.map((v, s) => v + (s === 0 ? 3 : 1));
  const walks = Array.from({ length: 4000 }, () => stateWalk(mdp, random, 60));
  const firstReturn = (states: number[], steps: number): number => {
    const never = states.slice(1).map(() => 0);
    const rollout = { rewards: states.slice(0, -1).map((s) => mdp.reward[s]), terminated: never, truncated: never, gamma: mdp.gamma };
    return nStepReturns({ ...rollout, nextValues: states.slice(1).map((s) => wrong[s]), steps })[0];
  };
  let law = mdp.initial;
  const start = law.reduce((sum, p, s) => sum + p * value[s], 0);
  for (const steps of [1, 2, 3, 4]) {
    law = law.map((_, next) => law.reduce((sum, p, s) => sum + p * chain[s * 4 + next], 0));
    const bias = mdp.gamma ** steps * law.reduce((sum, p, s) => sum + p * (wrong[s] - value[s]), 0);
    expect(Math.abs(bias)).toBeGreaterThan(0.05);
    expect(standardErrors(walks.map((walk) => firstReturn(walk, steps)), start + bias)).toBeLessThan(4);
  }
  // After 60 steps γⁿ is 2e-6: the bias has gone, and with it what made the estimate steady.
  expect(standardErrors(walks.map((walk) => firstReturn(walk, 60)), start)).toBeLessThan(4);
});

/** The states of a chain, one more than the steps. */
function stateWalk({ states, transition, initial }: FiniteMdp, random: Random, steps: number): number[] {
  const walk = [pick(random, initial, 0, states)];
  for (let t = 0; t < steps; t++) walk.push(pick(random, transition, walk[t] * states, states));
  return walk;
}

function pick(random: Random, probabilities: ArrayLike<number>, start: number, n: number): number {
  let left = random.random();
  for (let i = 0; i < n - 1; i++) if ((left -= probabilities[start + i]) < 0) return i;
  return n - 1;
}

test("refuses gradients that do not fit", () => {
  const mdp = randomMdp({ states: 2, actions: 2, gamma: 0.5, random: new Random(1) });
  const policy = [0.5, 0.5, 0.5, 0.5];
  for (const way of ways) {
    expect(() => way({ mdp, policy, policyGradients: [1, 2, 3] })).toThrow("policyGradients: expected 4 rows of 1, got 3 numbers");
    expect(() => way({ mdp, policy, policyGradients: [1, 2, 3, Number.NaN] })).toThrow("policyGradients at [3]: expected a finite number, got NaN");
    expect(() => way({ mdp, policy: [1, 1, 0, 1], policyGradients: [1, 2, 3, 4] })).toThrow("policy at [0]: expected probabilities that sum to 1, got a sum of 2");
  }
});
