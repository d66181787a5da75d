import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { log } from "@uphill/core-math";
import { expectClose, pairs, sum } from "../../test/generators.js";
import { klDivergenceNats } from "../index.js";

test("a fair coin against a biased one", () => {
  expect(klDivergenceNats([0.5, 0.5], [0.75, 0.25])).toBeCloseTo(0.5 * log(4 / 3), 14);
  expect(klDivergenceNats([0.5, 0.5], [1, 0])).toBe(Infinity);
  expect(klDivergenceNats([1, 0], [0.5, 0.5])).toBeCloseTo(Math.LN2, 14);
  expect(klDivergenceNats([1 - 1e-30, 1e-30], [1e-30, 1 - 1e-30])).toBeCloseTo(30 * log(10), 12);
  expect(klDivergenceNats([5e-324, 1], [0.5, 0.5])).toBeCloseTo(Math.LN2, 14);
});

describe("laws", () => {
  test("it is Σ p log(p/q), at least 0, and 0 between equals alone", () => {
    fc.assert(
      fc.property(pairs, ([p, q]) => {
        const kl = klDivergenceNats(p, q);
        const ratios = p.map((x, i) => (x === 0 ? 0 : x * log(x / q[i])));
        if (kl === Infinity) expect(p.some((x, i) => x > 0 && q[i] === 0)).toBe(true);
        else expectClose([kl], [sum(ratios)]);
        expect(kl === 0).toBe(p.every((x, i) => x === q[i]));
        expect(klDivergenceNats(p, p)).toBe(0);
      }),
    );
  });

  test("a small one keeps its digits: ½ δ² (1/p + 1/(1 − p)) to first order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 98 }), fc.integer({ min: 20, max: 26 }), (percent, bits) => {
        const p = percent / 100;
        const q = p + 2 ** -bits;
        const [delta, delta2] = [q - p, 1 - q - (1 - p)];
        // Both differences are exact; the third-order term is 2⁻²⁰/p of the second-order one.
        const leading = (delta * delta) / (2 * p) + (delta2 * delta2) / (2 * (1 - p));
        expect(Math.abs(klDivergenceNats([p, 1 - p], [q, 1 - q]) / leading - 1)).toBeLessThan(1e-4);
      }),
    );
  });
});
