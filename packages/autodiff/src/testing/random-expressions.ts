import fc from "fast-check";
import { concat, input, logSumExp, maximum, minimum, softmax, where } from "../index.js";
import type { Shape , Tensor} from "../index.js";

/** How the next expression is made of earlier ones; the numbers choose which. */
interface Choice {
  readonly operation: number;
  readonly left: number;
  readonly right: number;
}

/** The inputs of every random expression: values in [−2, 2] and a mask. */
export const leaves = {
  matrix: input("matrix", ["batch", 3]),
  other: input("other", ["batch", 3]),
  row: input("row", [3]),
  column: input("column", ["batch", 1]),
  weights: input("weights", [3, 3]),
  scalar: input("scalar", []),
  mask: input("mask", ["batch", 3], "int32"),
};

// Smooth operations that keep magnitudes small, so that float32 stays close to float64.
const unary: readonly ((x: Tensor) => Tensor)[] = [
  (x) => x.tanh(),
  (x) => x.sin(),
  (x) => x.sigmoid(),
  (x) => x.neg(),
  (x) => x.softplus().mul(0.5),
  (x) => x.square().add(1).sqrt().reciprocal(),
  (x) => x.tanh().exp().mul(0.3),
  (x) => x.square().add(1).log(),
  (x) => x.abs().mul(0.5),
  (x) => x.mul(0.5).add(0.25),
];
const binary: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
  (a, b) => a.add(b).mul(0.5),
  (a, b) => a.sub(b).mul(0.5),
  (a, b) => a.tanh().mul(b),
  (a, b) => a.div(b.square().add(1)),
  minimum,
  maximum,
];
/** Operations on a full matrix `["batch", 3]` that give one again, by way of other shapes. */
const reshaping: readonly ((x: Tensor) => Tensor)[] = [
  (x) => x.matmul(leaves.weights).mul(0.2),
  (x) => x.matmul(leaves.weights, { transposeB: true }).mul(0.2),
  (x) => x.matmul(x.matmul(x, { transposeA: true })).tanh(),
  (x) => x.sum(1, true).add(x).mul(0.25),
  (x) => x.mean(0).add(x),
  (x) => x.sub(x.max(1, true)),
  (x) => softmax(x),
  (x) => x.sub(logSumExp(x, 0, true)),
  (x) => x.transpose().transpose([1, 0]).add(x.transpose().max(0).reshape(["batch", 1])),
  (x) => concat([x.slice(1, 1, 3), x.slice(1, 0, 1)], 1),
  (x) => x.slice(1, 0, 2).pad(1, 1, 0),
  (x) => where(leaves.mask, x, x.neg().mul(0.5)),
  (x) => x.reshape([1, "batch", 3]).broadcastTo([2, "batch", 3]).sum(0).mul(0.5),
];
const full: Shape = ["batch", 3];

function next(made: readonly Tensor[], { operation, left, right }: Choice): Tensor {
  const a = made[left % made.length];
  const b = made[right % made.length];
  const kinds = unary.length + binary.length + reshaping.length;
  const k = operation % kinds;
  if (k < unary.length) return unary[k](a);
  if (k < unary.length + binary.length) return binary[k - unary.length](a, b);
  return reshaping[k - unary.length - binary.length](a.broadcastTo(full));
}

/** Expressions that share parts, each made of earlier ones; the last few are the result. */
export const randomExpressions: fc.Arbitrary<readonly Tensor[]> = fc
  .array(fc.record({ operation: fc.nat(999), left: fc.nat(999), right: fc.nat(999) }), { minLength: 1, maxLength: 25 })
  .map((choices) => {
    const { matrix, other, row, column, scalar } = leaves;
    const made: Tensor[] = [matrix, other, row, column, scalar];
    for (const choice of choices) made.push(next(made, choice));
    return made.slice(-4);
  });
