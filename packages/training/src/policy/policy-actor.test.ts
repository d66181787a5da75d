import { constant } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { OptionError, Random, ShapeError } from "@uphill/core-math";
import { diagonalNormal, maskedCategorical } from "@uphill/distributions";
import { box, discrete } from "@uphill/envs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearBeta, linearCategorical, linearNormal } from "../../test/linear-policies.js";
import { ActionMask } from "./action-mask.js";
import { PolicyActor } from "./policy-actor.js";
import { Policy } from "./policy.js";

const unit = box({ low: -1, high: 1 });
const batches = fc.array(fc.float({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 20 });
const policies: readonly Policy[] = [
  linearCategorical([1, 0, -1], [0, 0.5, 0]).policy,
  linearNormal([0.3], 0.5, unit).policy,
  linearBeta(0.2),
];

const wide = (mean: Tensor) => diagonalNormal({ mean, logStandardDeviation: constant(0).broadcastTo([1]) });

/** Five standard deviations of the mean of `count` draws, each of standard deviation `deviation`. */
function margin(deviation: number, count: number): number {
  return (5 * deviation) / Math.sqrt(count);
}

describe("PolicyActor", () => {
  it("plays many environments as the policy plays each", () => {
    const { policy } = linearCategorical([1, 0, -1], [0, 0.5, 0]);
    const actor = new PolicyActor(policy);
    expect(actor.act([2, 0, -2])).toEqual(Int32Array.of(0, 1, 2));
    expect([actor.observationSpace, actor.actionSpace]).toEqual([policy.observationSpace, policy.actionSpace]);
  });

  it.each(policies.map((policy) => [policy.actionSpace.kind, policy] as const))(
    "of %s actions (%#): batches of any size, mode or sampled, agree with one after the other",
    (_, policy) => {
      const actor = new PolicyActor(policy);
      fc.assert(
        fc.property(batches, fc.option(fc.nat()), (observations, seed) => {
          const streams = seed === null ? [{}, {}] : [{ random: new Random(seed) }, { random: new Random(seed) }];
          const together = [...actor.act(observations, streams[0])];
          const inTurn = observations.flatMap((x) => {
            const action = policy.act([x], streams[1]);
            return typeof action === "number" ? action : [...action];
          });
          expect(together).toHaveLength(inTurn.length);
          together.forEach((action, i) => expect(action).toBeCloseTo(inTurn[i], 5));
        }),
      );
    },
  );

  it("samples each choice as often as the distribution says", () => {
    const [count, probabilities] = [20_000, [0.1, 0.2, 0.7]];
    const { policy } = linearCategorical([0, 0, 0], probabilities.map(Math.log));
    const actions = new PolicyActor(policy).act(new Float32Array(count), { random: new Random(1) });
    probabilities.forEach((probability, choice) => {
      const frequency = actions.filter((action) => action === choice).length / count;
      const bound = margin(Math.sqrt(probability * (1 - probability)), count);
      expect(Math.abs(frequency - probability)).toBeLessThan(bound);
    });
  });

  it("samples with the distribution's mean and spread", () => {
    const [count, deviation] = [20_000, 0.5];
    const { policy } = linearNormal([2], deviation, box({ low: -Infinity, high: Infinity }));
    const actions = new PolicyActor(policy).act(new Float32Array(count).fill(1), { random: new Random(2) });
    const mean = actions.reduce((sum, action) => sum + action, 0) / count;
    const variance = actions.reduce((sum, action) => sum + (action - mean) ** 2, 0) / count;
    expect(Math.abs(mean - 2)).toBeLessThan(margin(deviation, count));
    // The square of a normal has the standard deviation √2 σ².
    expect(Math.abs(variance - deviation ** 2)).toBeLessThan(margin(Math.SQRT2 * deviation ** 2, count));
  });

  it("samples on the host what no noise makes", () => {
    const count = 20_000;
    const actions = new PolicyActor(linearBeta(1)).act(new Float32Array(count).fill(2), { random: new Random(4) });
    const variance = actions.reduce((sum, action) => sum + action ** 2, 0) / count;
    // A beta of equal shapes a on −1 to 1 has the variance 1/(2a + 1); its square has here a standard deviation of 0.085.
    expect(Math.abs(variance - 1 / (2 * Math.exp(2) + 1))).toBeLessThan(margin(0.1, count));
  });

  it("brings samples beyond the bounds to the bounds, and leaves the others", () => {
    const count = 20_000;
    const { policy } = linearNormal([0], 1, unit);
    const actions = new PolicyActor(policy).act(new Float32Array(count), { random: new Random(3) });
    expect(Math.max(...actions)).toBe(1);
    expect(Math.min(...actions)).toBe(-1);
    const tail = 0.158655; // P(N(0, 1) > 1)
    for (const bound of [-1, 1]) {
      const frequency = actions.filter((action) => action === bound).length / count;
      expect(Math.abs(frequency - tail)).toBeLessThan(margin(Math.sqrt(tail * (1 - tail)), count));
    }
  });

  it("keeps the noise of a sample for as many steps as the policy says", () => {
    const { environmentId, algorithm, observationSpace, store } = linearNormal([0.3], 0.5, unit).policy;
    const parts = { environmentId, algorithm, observationSpace, actionSpace: unit, store };
    const policy = new Policy({ ...parts, noiseSteps: 3, distribution: wide });
    const [actor, random] = [new PolicyActor(policy), new Random(5)];
    const actions = Array.from({ length: 9 }, () => [...actor.act([0.2, 0.4], { random })]);
    actions.forEach((action, step) => {
      if (step % 3 === 0) expect(action).not.toEqual(actions[step - 1]);
      else expect(action).toEqual(actions[step - 1]);
    });
    expect([...actor.act([0.2, 0.4], { random: new Random(5) })]).toEqual(actions[0]);
  });

  it("names the observation whose mask allows nothing", () => {
    const observationSpace = box({ low: [-9, 0, 0], high: [9, 1, 1] });
    const actionMask = new ActionMask(observationSpace, discrete(2));
    const { policy } = linearCategorical([1, -1, 0, 0, 0, 0], [0, 0]);
    const { environmentId, algorithm, actionSpace, store } = policy;
    const masked = new Policy({
      environmentId,
      algorithm,
      actionSpace,
      store,
      observationSpace,
      actionMask,
      distribution: (observation) =>
        maskedCategorical({ logits: policy.distribution(observation).parameters["logits"], mask: actionMask.mask(observation) }),
    });
    const actor = new PolicyActor(masked);
    expect([...actor.act([3, 1, 1, 3, 0, 1])]).toEqual([0, 1]);
    expect(() => actor.act([3, 1, 1, 3, 0, 0])).toThrow(
      new OptionError("action mask of Errands-v0, environment 1: expected at least one allowed action, got none"),
    );
    expect(() => masked.act([3, 0, 0])).toThrow(OptionError);
  });

  it("refuses what is no whole number of observations", () => {
    const actor = new PolicyActor(linearCategorical([1, -1, -1, 1], [0, 0]).policy);
    expect(() => actor.act([1, 2, 3])).toThrow(
      new ShapeError("observation: expected 2 numbers for each environment, got 3"),
    );
    expect(() => actor.act([])).toThrow("observation: expected 2 numbers for each environment, got 0");
    expect(() => actor.act([1, 2, NaN, 4])).toThrow("observation[2]: expected a finite float32 number, got NaN");
  });
});
