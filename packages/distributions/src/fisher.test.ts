import { evaluate, input } from "@uphill/autodiff";
import { OptionError, Random, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectClose, expectMean, numbersBetween, run, valueInput } from "../test/harness.js";
import { bernoulli } from "./bernoulli.js";
import { categorical } from "./categorical.js";
import { deterministic } from "./deterministic.js";
import { diagonalNormal } from "./diagonal-normal.js";
import { estimatedFisher, fisherInformation, score } from "./fisher.js";
import { fillNoise } from "./noise.js";

const theta = input("theta", ["batch"]);
const coin = bernoulli({ logits: theta.log().sub(theta.neg().add(1).log()) });

test("example: a Bernoulli's is 1/θ + 1/(1 − θ), so 11.1 at 0.1 and 4 at 0.5", () => {
  const information = evaluate(fisherInformation(coin, [theta]), { theta: [0.1, 0.5] }) as Float64Array;
  expectClose(information, [1 / 0.1 + 1 / 0.9, 4], 1e-13);
  expect(information[0]).toBeCloseTo(11.1, 1);
});

const mean = input("mean", ["batch", 2]);
const logStandardDeviation = input("logStandardDeviation", ["batch", 2]);
const normal = diagonalNormal({ mean, logStandardDeviation });

test("a normal's score scales with 1/σ, and the information in its mean is 1/σ²", () => {
  const value = valueInput(normal);
  const inputs = [mean, logStandardDeviation, value];
  const outputs = { score: score(normal, value, [mean]), information: fisherInformation(normal, [mean]) };
  fc.assert(
    fc.property(numbersBetween(-2, 2, 2), numbersBetween(-2, 2, 2), numbersBetween(-2, 2, 2), (mu, logs, noise) => {
      const sigma = logs.map(Math.exp);
      const feeds = { mean: mu, logStandardDeviation: logs, value: mu.map((m, i) => m + sigma[i] * noise[i]) };
      const result = run(inputs, outputs, feeds);
      expectClose(result.score, noise.map((e, i) => e / sigma[i]), 1e-10);
      expectClose(result.information, [sigma[0] ** -2, 0, 0, sigma[1] ** -2], 1e-12);
    }),
  );
});

test("in coordinates that parameters are made from it is JᵀF J, whatever those are", () => {
  // μ = (a b, a + b²) and log σ = (a, −b).
  const [a, b] = [input("a", ["batch", 1]), input("b", ["batch", 1])];
  const made = diagonalNormal({
    mean: a.mul(b).pad(1, 0, 1).add(a.add(b.square()).pad(1, 1, 0)),
    logStandardDeviation: a.pad(1, 0, 1).sub(b.pad(1, 1, 0)),
  });
  const outputs = { joint: fisherInformation(made, [a, b]), own: made.fisher() };
  fc.assert(
    fc.property(numbersBetween(-1, 1, 2), ([p, q]) => {
      const { joint, own } = run([a, b], outputs, { a: [p], b: [q] });
      const jacobian = [[q, p], [1, 2 * q], [1, 0], [0, -1]];
      const expected = [0, 1].flatMap((i) =>
        [0, 1].map((j) => jacobian.reduce((sum, row, r) => sum + row[i] * jacobian.reduce((inner, other, s) => inner + own[r * 4 + s] * other[j], 0), 0)),
      );
      expectClose(joint, expected, 1e-12);
    }),
  );
});

test("estimated from samples it is the closed form within its standard errors", () => {
  const count = 20_000;
  const logits = input("logits", ["batch", 3]);
  const p = categorical({ logits });
  const [value, noise] = [valueInput(p), input("noise", p.noise.shape)];
  const drawn = new Float64Array(count * 3);
  fillNoise("uniform", new Random(4), drawn);
  const feeds = { logits: Array.from({ length: count }, () => [0.5, -0.5, 0]).flat() };
  const { sample } = run([logits, noise], { sample: p.sample(noise) }, { ...feeds, noise: drawn });
  const outputs = { estimate: estimatedFisher(p, value, [logits]), scores: score(p, value, [logits]) };
  const { estimate, scores } = run([logits, value], outputs, { ...feeds, value: sample });
  const information = evaluate(p.fisher(), { logits: [0.5, -0.5, 0] }) as Float64Array;
  information.forEach((expected, k) => {
    const products = Array.from({ length: count }, (_, n) => scores[3 * n + Math.floor(k / 3)] * scores[3 * n + (k % 3)]);
    expectMean(products, expected);
    expect(estimate[k]).toBeCloseTo(products.reduce((sum, x) => sum + x, 0) / count, 12);
  });
});

test("coordinates that are not of the batch are refused", () => {
  const value = valueInput(normal);
  expect(() => score(normal, value, [input("shared", [2])])).toThrow(
    "coordinates[0]: expected shape [batch, …] with fixed lengths, got [2]",
  );
  expect(() => score(normal, value, [])).toThrow(OptionError);
  expect(() => fisherInformation(normal, [mean, input("index", ["batch"], "int32")])).toThrow("coordinates[1]: expected a float32 tensor, got int32");
  const single = diagonalNormal({ mean: input("m", [2]), logStandardDeviation: input("s", [2]) });
  expect(() => estimatedFisher(single, input("x", [2]), [single.parameters.mean])).toThrow(ShapeError);
  expect(() => fisherInformation(deterministic({ point: mean }), [mean])).toThrow("deterministic fisher: expected a family that has one");
});
