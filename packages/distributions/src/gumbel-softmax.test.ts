import { evaluate, float32, input } from "@uphill/autodiff";
import { Random, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectReference } from "../test/against-reference.js";
import { distributionContract } from "../test/contract.js";
import { intervalGrid } from "../test/grids.js";
import { expectClose, numbersBetween, run } from "../test/harness.js";
import type { Grid, Subject } from "../test/harness.js";
import reference from "../test/reference/distributions.json" with { type: "json" };
import { categorical } from "./categorical.js";
import { gumbelSoftmax } from "./gumbel-softmax.js";

/** Pairs of shares; the density is one of the first share. */
function pairGrid(): Grid {
  const { points, weights } = intervalGrid(0, 1);
  return { points: points.flatMap((x, i) => [x, points[points.length - 1 - i]]), weights };
}

function subjectOf(count: number): Subject {
  return {
    name: `gumbelSoftmax of ${count}`,
    shapes: { logits: [count], temperature: [] },
    make: (parameters) => gumbelSoftmax(parameters && { logits: parameters["logits"], temperature: parameters["temperature"] }),
    values: fc.record({ logits: numbersBetween(-0.7, 0.7, count), temperature: numbersBetween(1, 2, 1) }),
    without: ["entropy", "mean", "kl", "fisher"],
    modeIsImage: true,
    ...(count === 2 && { grid: pairGrid() }),
  };
}
const logits = input("logits", ["batch", 4]);
const temperature = input("temperature", []);
const p = gumbelSoftmax({ logits, temperature });
const noise = input("noise", p.noise.shape);

test("example: two equal outcomes at temperature 1 have a uniform share", () => {
  const q = gumbelSoftmax({ logits: input("logits", [1, 2]), temperature });
  const feeds = { logits: [0, 0], temperature: 1, value: [0.3, 0.7] };
  expectClose(evaluate(q.logProbability(input("value", [1, 2])), feeds) as Float64Array, [0], 1e-14);
  expect(evaluate(q.mode(), { logits: [0, 0], temperature: 1 })).toEqual(Float64Array.of(0.5, 0.5));
});

for (const count of [2, 3]) distributionContract(subjectOf(count));

test("shares sum to one, and the largest is where Gumbel-max has its sample, at any temperature", () => {
  const sample = p.sample(noise);
  const outputs = { sample, sum: sample.sum(-1), choice: categorical({ logits }).sample(noise) };
  fc.assert(
    fc.property(numbersBetween(-3, 3, 4), fc.double({ min: 0.05, max: 20, noNaN: true }), fc.nat(), (list, tau, seed) => {
      const drawn = new Float64Array(4);
      new Random(seed).fillRandom(drawn);
      const result = run([logits, temperature, noise], outputs, { logits: list, temperature: [tau], noise: drawn });
      expectClose(result.sum, [1], 1e-14);
      expect(result.sample.indexOf(Math.max(...result.sample))).toBe(result.choice[0]);
    }),
  );
});

test("it tends to one-hot as its temperature falls", () => {
  const count = 2_000;
  const drawn = new Float64Array(count * 4);
  new Random(11).fillRandom(drawn);
  const list = Array.from({ length: count }, () => [0.5, -1, 0, 1]).flat();
  const outputs = { largest: p.sample(noise).max(-1) };
  const shortfall = [2, 1, 0.5, 0.1, 0.01, 0.001].map((tau) => {
    const { largest } = run([logits, temperature, noise], outputs, { logits: list, temperature: [tau], noise: drawn });
    return largest.reduce((sum, x) => sum + (1 - x), 0) / count;
  });
  shortfall.slice(1).forEach((later, i) => expect(later).toBeLessThan(shortfall[i]));
  // A share falls short only where the two largest of logits + g are within a few τ: with probability of the order of τ.
  expect(shortfall[4]).toBeLessThan(0.01);
  expect(shortfall[5]).toBeLessThan(0.001);
});

test("in float32 sample and log-probability together are right where shares are too small for it", () => {
  const outputs = p.sampleWithLogProbability(noise);
  const feeds = { logits: [3, -3, 0, 1], temperature: [0.05], noise: [0.01, 0.9, 0.5, 0.25] };
  const [single, double] = [float32, undefined].map((backend) => run([logits, temperature, noise], { ...outputs }, feeds, backend));
  expectClose(single.logProbability, double.logProbability, 1e-5);
  expect(single.value.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 6);
});

test.each(reference.gumbelSoftmax)("one of temperature $params.temperature agrees with PyTorch", (one) => {
  expectReference(subjectOf(4), one, { logits: one.params.logits, temperature: [one.params.temperature] });
});

test("a temperature that does not fit, and a single outcome, are refused", () => {
  expect(() => gumbelSoftmax({ logits, temperature: input("t", [4]) })).toThrow(
    "gumbelSoftmax temperature: expected shape [batch] or [], got [4]",
  );
  expect(() => gumbelSoftmax({ logits: input("x", ["batch", 1]), temperature })).toThrow(ShapeError);
  expect(() => gumbelSoftmax({ logits, temperature: 1 as never })).toThrow("gumbelSoftmax temperature: expected a float32 tensor, got 1");
});
