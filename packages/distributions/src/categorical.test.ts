import { compile, evaluate, float32, grad, input } from "@uphill/autodiff";
import { OptionError, Random, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { distributionContract } from "../test/contract.js";
import { indexGrid } from "../test/grids.js";
import { expectClose, expectMean, moderateNumbers, parametersOf, run, valueInput } from "../test/harness.js";
import reference from "../test/reference/distributions.json" with { type: "json" };
import { categorical } from "./categorical.js";
import { diagonalNormal } from "./diagonal-normal.js";
import { fillNoise } from "./noise.js";

const logits = (n: number, name = "logits") => input(name, ["batch", n]);
const logit = fc.double({ min: -20, max: 20, noNaN: true });
const row = fc.array(logit, { minLength: 1, maxLength: 6 });

/** All of a categorical with these logits, in float32 as training computes it. */
function inFloat32(values: readonly number[], other: readonly number[] = values) {
  const [p, q] = [categorical({ logits: logits(values.length) }), categorical({ logits: logits(values.length, "other") })];
  const index = valueInput(p);
  const scalars = { logP: p.logProbability(index), entropy: p.entropy(), kl: p.kl(q), mode: p.mode() };
  const derivatives = {
    ofLogP: grad(scalars.logP.sum(), [p.parameters.logits])[0],
    ofEntropy: grad(scalars.entropy.sum(), [p.parameters.logits])[0],
    ofKl: grad(scalars.kl.sum(), [p.parameters.logits])[0],
  };
  const feeds = { logits: values, other, value: [0] };
  return run([...parametersOf(p, q), index], { ...scalars, ...derivatives }, feeds, float32);
}

test("example: probabilities ½, ¼, ¼", () => {
  const p = categorical({ logits: input("logits", [1, 3]) });
  const feeds = { logits: [Math.LN2, 0, 0] };
  expectClose(evaluate(p.probabilities, feeds) as Float64Array, [0.5, 0.25, 0.25], 1e-15);
  expectClose(evaluate(p.entropy(), feeds) as Float64Array, [1.5 * Math.LN2], 1e-15);
  expect(evaluate(p.mode(), feeds)).toEqual(Int32Array.of(0));
  const value = input("value", [1], "int32");
  expectClose(evaluate(p.logProbability(value), { ...feeds, value: [2] }) as Float64Array, [-2 * Math.LN2], 1e-15);
});

for (const n of [2, 5]) {
  distributionContract({
    name: `categorical of ${n}`,
    shapes: { logits: [n] },
    make: (parameters) => categorical(parameters && { logits: parameters["logits"] }),
    values: fc.record({ logits: moderateNumbers(n) }),
    without: ["mean"],
    grid: indexGrid(n),
  });
}

test("probabilities sum to one, entropy is from 0 to log n", () => {
  fc.assert(
    fc.property(row, (values) => {
      const p = categorical({ logits: logits(values.length) });
      const { sum, entropy } = run(parametersOf(p), { sum: p.probabilities.sum(-1), entropy: p.entropy() }, { logits: values });
      expect(sum[0]).toBeCloseTo(1, 12);
      expect(entropy[0]).toBeGreaterThanOrEqual(-1e-14);
      expect(entropy[0]).toBeLessThanOrEqual(Math.log(values.length) + 1e-14);
    }),
  );
});

test("a number added to all logits changes nothing", () => {
  fc.assert(
    fc.property(row, fc.double({ min: -1e3, max: 1e3, noNaN: true }), (values, shift) => {
      const p = categorical({ logits: logits(values.length) });
      const at = (list: readonly number[]) =>
        run(parametersOf(p), { all: p.logProbabilities, entropy: p.entropy() }, { logits: list });
      const [before, after] = [at(values), at(values.map((value) => value + shift))];
      expectClose(after.all, before.all, 1e-10);
      expectClose(after.entropy, before.entropy, 1e-10);
    }),
  );
});

test("samples are as frequent as their probabilities, in float32 too", () => {
  const values = [1, -1, 0.5, -3];
  const count = 50_000;
  const p = categorical({ logits: logits(4) });
  const noise = input("noise", p.noise.shape);
  const drawn = new Float32Array(count * 4);
  fillNoise("uniform", new Random(1), drawn);
  const feeds = { logits: Array.from({ length: count }, () => values).flat(), noise: drawn };
  const { sample } = run([...parametersOf(p), noise], { sample: p.sample(noise) }, feeds, float32);
  const probabilities = evaluate(p.probabilities, { logits: values }) as Float64Array;
  probabilities.forEach((probability, i) => expectMean(sample.map((index) => (index === i ? 1 : 0)), probability));
});

test("noise at its edges never picks what is excluded, or all but excluded", () => {
  const p = categorical({ logits: logits(2) });
  const noise = input("noise", p.noise.shape);
  const program = compile({ inputs: { logits: p.parameters.logits, noise }, outputs: { sample: p.sample(noise) } });
  for (const excluded of [-1e4, -Infinity]) {
    for (const u of [0, 2 ** -54, 2 ** -24, 0.5, 1 - 2 ** -24, 1]) {
      for (const v of [0, 0.5, 1]) expect(program.run({ logits: [excluded, 0], noise: [u, v] }).sample).toEqual(Int32Array.of(1));
    }
  }
});

test("an outcome far rarer than a float32 step still wins when its noise says so", () => {
  const p = categorical({ logits: logits(2) });
  const noise = input("noise", p.noise.shape);
  const program = compile({ inputs: { logits: p.parameters.logits, noise }, outputs: { sample: p.sample(noise) } });
  // Outcome 0 of probability 1e-10 wins a race of exponentials where −log(1 − u) < 1e-10 · log 2.
  const sample = (u: number) => program.run({ logits: [Math.log(1e-10), 0], noise: [u, 0.5] }).sample;
  expect(sample(0.6e-10)).toEqual(Int32Array.of(0));
  expect(sample(0.8e-10)).toEqual(Int32Array.of(1));
});

test("logits of ±1e4 are safe in float32", () => {
  const sure = inFloat32([1e4, -1e4], [-1e4, 1e4]);
  expect([sure.logP[0], sure.entropy[0], sure.kl[0], sure.mode[0]]).toEqual([0, 0, 2e4, 0]);
  expect([...sure.ofLogP, ...sure.ofEntropy].every((value) => value === 0)).toBe(true);
  expect(sure.ofKl.every(Number.isFinite)).toBe(true);
  expect(inFloat32([-1e4, 1e4]).logP[0]).toBe(-2e4);
  expectClose(inFloat32([1e4, 1e4]).logP, [-Math.LN2], 1e-6);
});

test("a logit of −∞ excludes an outcome and leaves no NaN", () => {
  const all = inFloat32([1, -Infinity, 1], [0, -Infinity, 0]);
  expectClose([all.logP[0], all.entropy[0], all.kl[0]], [-Math.LN2, Math.LN2, 0], 1e-6);
  expect([...all.ofLogP, ...all.ofEntropy, ...all.ofKl].every(Number.isFinite)).toBe(true);
  expect([all.ofLogP[1], all.ofEntropy[1]]).toEqual([0, 0].map((zero) => expect.closeTo(zero, 12)));
  expect(inFloat32([1, 1, 1], [0, -Infinity, 0]).kl[0]).toBe(Infinity);
  expect(inFloat32([-Infinity, 0]).logP[0]).toBe(-Infinity);
});

test.each(reference.categorical.map((one) => [one.params.logits.length, one] as const))(
  "a categorical of %i agrees with PyTorch",
  (n, { params, x, log_prob, entropy, other, kl_to_other, kl_from_other }) => {
    const [p, q] = [categorical({ logits: logits(n) }), categorical({ logits: logits(n, "other") })];
    const value = valueInput(p);
    const outputs = { logP: p.logProbability(value), entropy: p.entropy(), to: p.kl(q), from: q.kl(p) };
    const rows = <T>(list: readonly T[]) => x.flatMap(() => list);
    const result = run([...parametersOf(p, q), value], outputs, { logits: rows(params.logits), other: rows(other.logits), value: x });
    expectClose(result.logP, log_prob, 1e-10);
    expectClose([result.entropy[0], result.to[0], result.from[0]], [entropy, kl_to_other, kl_from_other], 1e-10);
  },
);

test("an index out of range fails the run and says where", () => {
  const p = categorical({ logits: logits(2) });
  const value = valueInput(p);
  const program = compile({ inputs: { logits: p.parameters.logits, value }, outputs: { logP: p.logProbability(value) } });
  expect(() => program.run({ logits: [0, 0], value: [2] })).toThrow(
    'takeAlong "categorical/logProbability": expected indices from 0 to 1, got 2 at position 0',
  );
});

test("logits that are not logits are refused", () => {
  expect(() => categorical({ logits: [1, 2] as never })).toThrow("categorical logits: expected a float32 tensor, got [1, 2]");
  expect(() => categorical({ logits: input("x", [2], "int32") })).toThrow("categorical logits: expected a float32 tensor, got int32");
  expect(() => categorical({ logits: input("x", []) })).toThrow("categorical logits: expected a last axis of fixed length ≥ 1, got shape []");
  expect(() => categorical({ logits: input("x", [4, "n"]) })).toThrow(ShapeError);
  expect(() => categorical({ logits: input("x", ["batch", 0]) })).toThrow(ShapeError);
  const normal = diagonalNormal({ mean: logits(2, "mean"), logStandardDeviation: logits(2, "log") });
  expect(() => categorical({ logits: logits(2) }).kl(normal as never)).toThrow(
    "categorical kl other: expected a categorical distribution, got a DiagonalNormal",
  );
  expect(() => categorical(null as never)).toThrow(OptionError);
});
