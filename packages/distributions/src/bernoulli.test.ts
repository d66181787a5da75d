import { compile, evaluate, float32, grad, input } from "@uphill/autodiff";
import { OptionError, Random } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectReference } from "../test/against-reference.js";
import { distributionContract } from "../test/contract.js";
import { indexGrid } from "../test/grids.js";
import { expectClose, moderateNumbers, parametersOf, run, valueInput } from "../test/harness.js";
import type { Subject } from "../test/harness.js";
import reference from "../test/reference/distributions.json" with { type: "json" };
import { bernoulli } from "./bernoulli.js";
import { categorical } from "./categorical.js";

const subject: Subject = {
  name: "bernoulli",
  shapes: { logits: [] },
  make: (parameters) => bernoulli(parameters && { logits: parameters["logits"] }),
  values: fc.record({ logits: moderateNumbers(1) }),
  grid: indexGrid(2),
};
const logit = (theta: number) => Math.log(theta) - Math.log(1 - theta);

test("example: one with probability ¼", () => {
  const p = bernoulli({ logits: input("logits", []) });
  const feeds = { logits: logit(0.25) };
  expect(evaluate(p.mean(), feeds)).toBeCloseTo(0.25, 14);
  expect(evaluate(p.mode(), feeds)).toBe(0);
  expect(evaluate(p.entropy(), feeds)).toBeCloseTo(0.25 * Math.log(4) + 0.75 * Math.log(4 / 3), 14);
  expect(evaluate(p.logProbability(input("value", [], "int32")), { ...feeds, value: 1 })).toBeCloseTo(Math.log(0.25), 14);
  expect(evaluate(p.sample(input("noise", [])), { ...feeds, noise: 0.2 })).toBe(1);
});

distributionContract(subject);

test("it is the categorical of logits 0 and z", () => {
  const [z, two] = [input("z", ["batch"]), input("two", ["batch", 2])];
  const [p, q] = [bernoulli({ logits: z }), categorical({ logits: two })];
  const value = valueInput(p);
  const outputs = {
    p: p.logProbability(value),
    q: q.logProbability(value),
    pEntropy: p.entropy(),
    qEntropy: q.entropy(),
    score: grad(p.logProbability(value).sum(), [z])[0],
    mean: p.mean(),
  };
  fc.assert(
    fc.property(fc.double({ min: -30, max: 30, noNaN: true }), fc.nat(1), (logits, outcome) => {
      const result = run([z, two, value], outputs, { z: [logits], two: [0, logits], value: [outcome] });
      expectClose(result.p, result.q, 1e-12);
      expectClose(result.pEntropy, result.qEntropy, 1e-12);
      expectClose(result.score, [outcome - result.mean[0]], 1e-12);
    }),
  );
});

test("an outcome far rarer than a float32 step still comes up when its noise says so, on either side", () => {
  const p = bernoulli({ logits: input("logits", ["batch"]) });
  const noise = input("noise", p.noise.shape);
  const program = compile({ inputs: { logits: p.parameters.logits, noise }, outputs: { sample: p.sample(noise) } });
  const rare = logit(1e-10);
  const logits = [rare, rare, -rare, -rare, 1e4, -1e4];
  const { sample } = program.run({ logits, noise: [0.6e-10, 1.4e-10, 0.6e-10, 1.4e-10, 0, 0] });
  expect(sample).toEqual(Int32Array.of(1, 0, 0, 1, 1, 0));
});

test("logits of ±1e4 and ±∞ are safe in float32", () => {
  const [p, q] = [subject.make({ logits: input("logits", ["batch"]) }), subject.make({ logits: input("other", ["batch"]) })];
  const value = valueInput(p);
  const outputs = { logP: p.logProbability(value), entropy: p.entropy(), kl: p.kl(q) };
  for (const logits of [1e4, Infinity]) {
    const feeds = { logits: [logits, -logits], other: [0, 0], value: [1, 0] };
    const result = run([...parametersOf(p, q), value], outputs, feeds, float32);
    expect([...result.logP, ...result.entropy].map(Math.abs)).toEqual([0, 0, 0, 0]);
    expectClose(result.kl, [Math.LN2, Math.LN2], 1e-6);
  }
});

test("samples are 1 as often as the probability says, in float32", () => {
  const count = 50_000;
  const p = bernoulli({ logits: input("logits", ["batch"]) });
  const noise = input("noise", p.noise.shape);
  const drawn = new Float32Array(count);
  new Random(5).fillRandom(drawn);
  for (const theta of [0.1, 0.5, 0.9]) {
    const feeds = { logits: new Float32Array(count).fill(logit(theta)), noise: drawn };
    const { sample } = run([...parametersOf(p), noise], { sample: p.sample(noise) }, feeds, float32);
    const ones = sample.reduce((sum, x) => sum + x, 0);
    // Six standard deviations: a false alarm in 500 million.
    expect(Math.abs(ones - count * theta)).toBeLessThan(6 * Math.sqrt(count * theta * (1 - theta)));
  }
});

test.each(reference.bernoulli)("one of probability $params.probability agrees with PyTorch", (one) => {
  const values = { logits: [logit(one.params.probability)] };
  expectReference(subject, one, values, { logits: [logit(one.other.probability)] });
});

test("values that are neither 0 nor 1 fail the run, and what is no logits is refused", () => {
  const p = bernoulli({ logits: input("logits", ["batch"]) });
  const value = valueInput(p);
  const program = compile({ inputs: { logits: p.parameters.logits, value }, outputs: { logP: p.logProbability(value) } });
  expect(() => program.run({ logits: [0], value: [2] })).toThrow(
    'takeAlong "bernoulli/logProbability": expected indices from 0 to 1, got 2 at position 0',
  );
  expect(() => bernoulli({ logits: 0.5 as never })).toThrow("bernoulli logits: expected a float32 tensor, got 0.5");
  expect(() => bernoulli(undefined as never)).toThrow(OptionError);
});
