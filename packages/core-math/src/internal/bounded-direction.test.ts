import fc from "fast-check";
import { expect, test } from "vitest";
import { evenly } from "../../test/elementary.js";
import { expectMatrix, identity, multiply, positiveProblems } from "../../test/matrices.js";
import { luFactor, luSolve } from "../lu.js";
import { boundedDirection } from "./bounded-direction.js";
import { boxOf } from "./box.js";
import { LbfgsMemory } from "./lbfgs-memory.js";

/** A memory that has seen moves along some directions of a quadratic with this Hessian, and H from its products. */
function learnt(hessian: Float64Array, n: number, seen: number): { memory: LbfgsMemory; inverse: Float64Array } {
  const memory = new LbfgsMemory(10);
  for (let k = 0; k < seen; k++) {
    const move = Float64Array.from({ length: n }, (_, i) => ((i * 7 + k * 3) % 5) - 1.5);
    memory.push(move, multiply(hessian, move, n));
  }
  const inverse = new Float64Array(n * n);
  const unit = identity(n);
  for (let i = 0; i < n; i++) memory.multiply(unit.slice(i * n, (i + 1) * n), memory.scale(0.5), inverse.subarray(i * n, (i + 1) * n));
  return { memory, inverse };
}

test("H takes the last change to the last move, and is symmetric", () => {
  fc.assert(
    fc.property(positiveProblems, fc.integer({ min: 1, max: 4 }), ({ n, matrix }, seen) => {
      const { inverse } = learnt(matrix, n, seen);
      const move = Float64Array.from({ length: n }, (_, i) => ((i * 7 + (seen - 1) * 3) % 5) - 1.5);
      expectMatrix(multiply(inverse, multiply(matrix, move, n), n), move, 1e-8);
      expectMatrix(inverse, inverse.map((_, place) => inverse[(place % n) * n + Math.floor(place / n)]), 1e-9);
    }),
  );
});

test("held coordinates go to their bounds; at the end of the others the quadratic model's gradient is 0", () => {
  fc.assert(
    fc.property(positiveProblems, fc.integer({ min: 0, max: 4 }), evenly({ min: 0, max: 1 }), ({ n, matrix, b }, seen, width) => {
      const { memory, inverse } = learnt(matrix, n, seen);
      const box = boxOf(n, -width, width);
      const x = b.slice(0, n).map((value) => value * width);
      const gradient = multiply(matrix, x, n).map((value, i) => value - Math.sign(x[i]) * i);
      const scale = memory.scale(1 / Math.max(1, Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0))));
      if (memory.isEmpty) inverse.set(identity(n).map((value) => value * scale));
      const direction = boundedDirection(box, { x, gradient, value: 0 }, memory);
      const slope = luSolve(luFactor(inverse), direction).map((value, i) => value + gradient[i]);
      for (let i = 0; i < n; i++) {
        const target = x[i] - scale * gradient[i];
        const held = gradient[i] !== 0 && (target <= -width || target >= width);
        const bound = gradient[i] > 0 ? -width : width;
        if (held) expect(Math.abs(x[i] + direction[i] - bound)).toBeLessThanOrEqual(1e-10);
        else expect(Math.abs(slope[i])).toBeLessThanOrEqual(1e-6 * Math.max(1, ...gradient.map(Math.abs), ...direction.map(Math.abs)));
      }
    }),
  );
});
