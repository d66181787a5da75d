import { cos, exp, sin, tanh } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomPrograms } from "../test/random-programs/random-programs.js";
import type { RandomProgram } from "../test/random-programs/random-programs.js";
import { compile, constant, evaluate, float32, grad, input, interpreter, jvp, vjp, webAssembly } from "./index.js";
import type { NamedFeeds, NumericArray, Tensor } from "./index.js";

const sourceNames = ["matrix", "row", "column", "square", "weights", "bias"] as const;
const array = (value: number | NumericArray): ArrayLike<number> => (typeof value === "number" ? [value] : value);

/** Directions that no derivative is likely to be perpendicular to. */
const direction = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, i) => (((i * 7 + seed * 5) % 11) - 5) / 4 + 0.125);

/** The first run of a program: its feeds with their shapes, and with a direction for each source and result. */
function settingOf({ parts, runs }: RandomProgram) {
  const [{ batch, feeds }] = runs;
  const lengths = ({ shape }: Tensor): number[] => shape.map((d) => (typeof d === "number" ? d : batch));
  const shaped: Record<string, NamedFeeds[string]> = {};
  for (const [name, tensor] of Object.entries(parts.inputs)) shaped[name] = { data: feeds[name], shape: lengths(tensor) };
  const fedDirection = (name: string, of: Tensor, seed: number): Tensor => {
    const shape = lengths(of);
    shaped[name] = { data: direction(shape.reduce((a, b) => a * b, 1), seed), shape };
    return input(name, of.shape);
  };
  const sources = sourceNames.map((name) => parts.inputs[name]);
  const results = Object.entries(parts.outputs).flatMap(([name, tensor]) => (name.startsWith("y") ? [tensor] : []));
  return { feeds: shaped, sources, results, fedDirection };
}

describe("derivatives of random programs, in float64", () => {
  test("⟨Jv, u⟩ = ⟨v, Jᵀu⟩", () => {
    fc.assert(
      fc.property(randomPrograms, (program) => {
        const { feeds, sources, results, fedDirection } = settingOf(program);
        const v = sources.map((source, k) => fedDirection(`v${k}`, source, k));
        const u = results.map((result, k) => fedDirection(`u${k}`, result, 7 + k));
        const pushed = jvp(results, sources, v).map((jv, k) => jv.mul(u[k]).sum());
        const pulled = vjp(results, sources, u).map((ju, k) => ju.mul(v[k]).sum());
        const anchor = { left: sumOf(pushed), right: sumOf(pulled), size: sumOf([...pushed, ...pulled].map((x) => x.abs())) };
        const { left, right, size } = evaluate(anchored(anchor, sources), feeds);
        expect(Math.abs((left as number) - (right as number))).toBeLessThanOrEqual(1e-10 * Math.max(1, size as number));
      }),
      { numRuns: 200 },
    );
  });

  test("second derivatives are symmetric: ⟨Hv, w⟩ = ⟨v, Hw⟩", () => {
    fc.assert(
      fc.property(randomPrograms, (program) => {
        const { feeds, sources, results, fedDirection } = settingOf(program);
        const loss = sumOf(results.map((y) => y.mul(0.5).tanh().mean()));
        const [v, w] = ["v", "w"].map((name, j) => sources.map((source, k) => fedDirection(`${name}${k}`, source, 9 * j + k)));
        const gradient = grad(loss, sources);
        const [hv, hw] = [v, w].map((tangents) => jvp(gradient, sources, tangents));
        const left = hv.map((h, k) => h.mul(w[k]).sum());
        const right = hw.map((h, k) => h.mul(v[k]).sum());
        const size = sumOf([...left, ...right].map((x) => x.abs()));
        const values = evaluate(anchored({ left: sumOf(left), right: sumOf(right), size }, sources), feeds);
        const difference = Math.abs((values.left as number) - (values.right as number));
        expect(difference).toBeLessThanOrEqual(1e-9 * Math.max(1, values.size as number));
      }),
      { numRuns: 200 },
    );
  });
});

const sumOf = (tensors: readonly Tensor[]): Tensor => tensors.reduce((a, b) => a.add(b));

/** The same, with an output that reads the batch's length off an input even where the others read none. */
function anchored<R extends Readonly<Record<string, Tensor>>>(outputs: R, [matrix]: readonly Tensor[]): R & { anchor: Tensor } {
  return { ...outputs, anchor: matrix };
}

const third: readonly [string, (x: Tensor) => Tensor, (x: number) => number][] = [
  ["exp", (x) => x.exp(), exp],
  ["log", (x) => x.log(), (x) => 2 / x ** 3],
  ["sqrt", (x) => x.sqrt(), (x) => 3 / (8 * x * x * Math.sqrt(x))],
  ["sin", (x) => x.sin(), (x) => -cos(x)],
  ["cos", (x) => x.cos(), sin],
  ["tanh", (x) => x.tanh(), (x) => (1 - tanh(x) ** 2) * (6 * tanh(x) ** 2 - 2)],
  ["sigmoid", (x) => x.sigmoid(), (x) => ((s) => s * (1 - s) * (1 - 6 * s * (1 - s)))(1 / (1 + exp(-x)))],
  ["softplus", (x) => x.softplus(), (x) => ((s) => s * (1 - s) * (1 - 2 * s))(1 / (1 + exp(-x)))],
  ["reciprocal", (x) => x.reciprocal(), (x) => -6 / x ** 4],
  ["pow", (x) => x.pow(3.5), (x) => 13.125 * Math.sqrt(x)],
  ["x³ by products", (x) => x.mul(x).mul(x), () => 6],
];

describe.each([interpreter, float32, webAssembly()])("the third derivative, grad of grad of grad, on $name", (backend) => {
  test.each(third)("%s", (_, apply, expected) => {
    const x = input("x", ["n"]);
    let y = apply(x);
    for (let order = 0; order < 3; order++) [y] = grad(y.sum(), [x]);
    const points = [0.3, 0.5, 0.9, 1.1, 1.7, 2.5, 3];
    const values = array(compile({ inputs: { x }, outputs: { y: y.add(x.mul(0)) }, backend }).run({ x: points }).y);
    const tolerance = backend === interpreter ? 1e-10 : 1e-5;
    points.forEach((point, i) => {
      const truth = expected(backend === interpreter ? point : Math.fround(point));
      // Third derivatives of bounded functions are differences of terms of size 1.
      expect(Math.abs(values[i] - truth)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(truth)));
    });
  });

  test("of Σ x_i² a_ij x_j, through matrix products", () => {
    const a = [1, -2, 0.5, 3, 0.25, -1, 2, 1.5, -0.75];
    const x = input("x", [3, 1]);
    const form = x.square().matmul(constant(a, [3, 3]).matmul(x), { transposeA: true }).sum();
    const [first] = grad(form, [x]);
    const [second] = grad(first.slice(0, 1, 2).sum(), [x]);
    const [row] = grad(second.slice(0, 2, 3).sum(), [x]);
    const values = array(compile({ inputs: { x }, outputs: { row }, backend }).run({ x: [0.5, -1, 2] }).row);
    // ∂³/∂x₁∂x₂∂x_k of Σ x_i² a_ij x_j: 2 a₁₂ at k = 1, 2 a₂₁ at k = 2.
    expect(Array.from(values)).toEqual([0, 2 * a[5], 2 * a[7]]);
  });
});
