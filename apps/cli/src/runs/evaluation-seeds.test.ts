import fc from "fast-check";
import { expect, it } from "vitest";
import { evaluationSeed } from "./evaluation-seeds.js";

const kinds = ["screening", "confirmation", "final"] as const;

it("gives each kind of evaluation seeds of its own, above those of training", () => {
  const indices = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(indices, indices, indices, fc.integer({ min: 1, max: 1_000_000 }), (a, b, c, episodes) => {
      const firsts = [a, b, c].map((index, kind) => evaluationSeed(kinds[kind], index, episodes));
      const lasts = firsts.map((first) => first + episodes - 1);
      expect(firsts[0]).toBeGreaterThanOrEqual(2 ** 32);
      expect(firsts[1]).toBeGreaterThan(lasts[0]);
      expect(firsts[2]).toBeGreaterThan(lasts[1]);
      expect(lasts.every(Number.isSafeInteger)).toBe(true);
    }),
  );
});

it("gives evaluations after different numbers of steps different episodes", () => {
  expect(evaluationSeed("screening", 4096, 20) - evaluationSeed("screening", 4095, 20)).toBe(20);
});
