import { compile, evaluate, grad, input, interpreter, stopGradient } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { exp, log, ShapeError } from "@uphill/core-math";
import { categorical, diagonalNormal } from "@uphill/distributions";
import type { Distribution } from "@uphill/distributions";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dot, expectClose } from "../../test/generators.js";
import { fisherVectorProduct, naturalGradient, naturalStepSize } from "../index.js";

const number = fc.integer({ min: -20, max: 20 }).map((k) => k / 10);
const numbers = (count: number) => fc.array(number, { minLength: count, maxLength: count });

/** E_s[KL(π_old ‖ π)], where π_old is π held constant. */
function meanKlFromItself<D extends Distribution>(policy: D): Tensor {
  const held = Object.entries(policy.parameters).map(([name, tensor]) => [name, stopGradient(tensor)]);
  return (policy.withParameters(Object.fromEntries(held) as Record<string, Tensor>) as D).kl(policy).mean();
}

const values = (tensor: Tensor, feeds: object): number[] => [...(evaluate(tensor, feeds as never) as Float64Array)];

const logits = input("logits", [4]);
const v = input("v", [4]);
const softmax = categorical({ logits: logits.reshape([1, 4]) });
const [softmaxProduct] = fisherVectorProduct(meanKlFromItself(softmax), [logits], [v]);

test("two actions as likely: F = ¼ (1, −1; −1, 1)", () => {
  const pair = input("pair", [2]);
  const direction = input("direction", [2]);
  const coin = categorical({ logits: pair.reshape([1, 2]) });
  const [product] = fisherVectorProduct(meanKlFromItself(coin), [pair], [direction]);
  expectClose(values(product, { pair: [3, 3], direction: [1, 0] }), [0.25, -0.25]);
});

describe("laws", () => {
  test("a categorical's is the covariance of its score, Σ p s sᵀ", () => {
    fc.assert(
      fc.property(numbers(4), numbers(4), (at, direction) => {
        const total = at.reduce((sum, x) => sum + exp(x), 0);
        const p = at.map((x) => exp(x) / total);
        const expected = [0, 0, 0, 0];
        p.forEach((weight, action) => {
          const score = p.map((q, i) => (i === action ? 1 - q : -q));
          score.forEach((s, i) => (expected[i] += weight * s * dot(score, direction)));
        });
        expectClose(values(softmaxProduct, { logits: at, v: direction }), expected);
      }),
    );
  });

  test("a normal's is 1/σ² for its mean and 2 for log σ, and the mean over states where they share parameters", () => {
    const mean = input("mean", []);
    const logScale = input("logScale", []);
    const scales = input("scales", [3]);
    // Three states, whose means are multiples of one parameter.
    const policy = diagonalNormal({ mean: scales.mul(mean).reshape([3, 1]), logStandardDeviation: logScale.reshape([1]) });
    const directions = [input("vMean", []), input("vLogScale", [])];
    const [ofMean, ofScale] = fisherVectorProduct(meanKlFromItself(policy), [mean, logScale], directions);
    fc.assert(
      fc.property(numbers(3), numbers(4), (states, [at, spread, vMean, vLogScale]) => {
        const feeds = { scales: states, mean: at, logScale: spread, vMean, vLogScale };
        const found = evaluate({ ofMean, ofScale }, feeds);
        expectClose([Number(found.ofMean)], [((dot(states, states) / 3) * vMean) / exp(2 * spread)]);
        expectClose([Number(found.ofScale)], [2 * vLogScale]);
      }),
    );
  });

  test("either direction of the divergence has the same Hessian there", () => {
    const held = softmax.withParameters({ logits: stopGradient(logits.reshape([1, 4])) });
    const [reverse] = fisherVectorProduct(softmax.kl(held).mean(), [logits], [v]);
    fc.assert(
      fc.property(numbers(4), numbers(4), (at, direction) => {
        const feeds = { logits: at, v: direction };
        expectClose(values(reverse, feeds), values(softmaxProduct, feeds));
      }),
    );
  });

  test("through the coordinates of the policy's distributions it is the same", () => {
    const mean = logits.reshape([1, 4]).tanh();
    const spread = input("spread", [4]);
    const policy = diagonalNormal({ mean, logStandardDeviation: spread });
    const args = [meanKlFromItself(policy), [logits, spread], [v, input("vSpread", [4])]] as const;
    const [whole, through] = [fisherVectorProduct(...args), fisherVectorProduct(...args, [mean, spread])];
    fc.assert(
      fc.property(numbers(4), numbers(4), numbers(4), numbers(4), (at, direction, spreadAt, along) => {
        const feeds = { logits: at, v: direction, spread: spreadAt, vSpread: along };
        whole.forEach((product, i) => expectClose(values(through[i], feeds), values(product, feeds)));
      }),
    );
  });

  test("the step's divergence is δ to second order", () => {
    const moved = categorical({ logits: logits.add(v).reshape([1, 4]) });
    const kl = softmax.kl(moved).mean();
    fc.assert(
      fc.property(numbers(4), numbers(4), (at, [first, ...others]) => {
        // Apart from the others, since a direction that moves all logits alike has no divergence.
        const direction = [first + 10, ...others];
        const product = values(softmaxProduct, { logits: at, v: direction });
        const half = dot(direction, product) / 2;
        const size = Math.sqrt(1e-8 / half);
        const found = evaluate(kl, { logits: at, v: direction.map((x) => size * x) }) as number;
        // The next term is of the relative size of the step.
        expect(Math.abs(found / 1e-8 - 1)).toBeLessThan(20 * size);
      }),
    );
  });
});

/** The natural step of a normal's mean and spread, where log σ is written as a function of the spread. */
function naturalStepWhere(write: (spread: Tensor) => Tensor) {
  const [mean, spread, a, b, v0, v1] = ["mean", "spread", "a", "b", "v0", "v1"].map((name) => input(name, []));
  const logScale = write(spread);
  const policy = diagonalNormal({ mean: mean.reshape([1, 1]), logStandardDeviation: logScale.reshape([1]) });
  const [g0, g1] = grad(mean.mul(a).add(logScale.mul(b)), [mean, spread]);
  const [f0, f1] = fisherVectorProduct(meanKlFromItself(policy), [mean, spread], [v0, v1]);
  const inputs = { mean, spread, a, b, v0, v1 };
  const program = compile({ inputs, outputs: { g0, g1, f0, f1 }, backend: interpreter });
  return (at: number, weights: readonly number[]): Float64Array => {
    const [first, second] = [[1, 0], [0, 1]].map(([along0, along1]) =>
      program.run({ mean: 0.3, spread: at, a: weights[0], b: weights[1], v0: along0, v1: along1 }),
    );
    const gradient = [Number(first.g0), Number(first.g1)];
    const direction = naturalGradient(gradient, [first.f0, first.f1, second.f0, second.f1].map(Number));
    const size = naturalStepSize(gradient, direction, 0.01);
    return direction.map((d) => size * d);
  };
}

test("a spread written as σ or as log σ gives the same step of the policy", () => {
  const byLogarithm = naturalStepWhere((spread) => spread.mul(1));
  const bySigma = naturalStepWhere((spread) => spread.log());
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 30 }), numbers(2), (tenths, [a, b]) => {
      const sigma = tenths / 10;
      const [mean, spread] = bySigma(sigma, [a + 3, b]);
      // d log σ = dσ/σ.
      expectClose([mean, spread / sigma], byLogarithm(log(sigma), [a + 3, b]));
    }),
  );
});

test("errors", () => {
  expect(() => fisherVectorProduct(logits, [logits], [v])).toThrow(ShapeError);
  expect(() => fisherVectorProduct(logits.sum(), [logits], [])).toThrow("expected 1 tangents, got 0");
});
