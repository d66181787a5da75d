import { expect, test } from "vitest";
import { assign, compile, explain, grad, input, variable, where } from "../../index.js";
import type { Program } from "../../index.js";

/** The primitives of each step, in the order of their runs. */
const stepsOf = (program: Program): string[] =>
  explain(program, { rounds: 1 }).steps.map(({ primitives }) => primitives.join(" "));

const x = input("x", ["n", 3]);
const row = input("row", [3]);

test("a tree of elementwise arithmetic with rows and scalars is one loop", () => {
  const y = x.add(row).tanh().mul(x.sub(1)).div(row.exp().sum());
  const program = compile({ inputs: { x, row }, outputs: { y } });
  program.run({ x: [1, 2, 3, 4, 5, 6], row: [0, 1, 2] });
  expect(stepsOf(program)).toEqual(["exp sum", "add tanh sub mul div"]);
});

test("what only the way back needs is computed there, from what is stored anyway", () => {
  const w = variable("w", [3, 3], 0.1);
  const v = variable("v", [3, 1], 0.2);
  const loss = x.matmul(w).tanh().matmul(v).square().sum();
  const program = compile({ inputs: { x }, outputs: { g: grad(loss, [w])[0] } });
  program.run({ x: [1, 2, 3] });
  // tanh alone on the way forward, in the product that only it reads; 1 − tanh² beside its only reader.
  expect(stepsOf(program)).toEqual(["matmul tanh", "matmul", "mul add", "matmul mul neg add mul", "matmul"]);
});

test("a choice takes the comparison as it is, and its readers as numbers", () => {
  const isSmall = x.abs().less(1);
  const outputs = { chosen: where(isSmall, x, 0), count: isSmall.toFloat().sum(), isSmall, sum: isSmall.toFloat().add(x) };
  const program = compile({ inputs: { x }, outputs });
  const values = program.run({ x: [0.5, -2, NaN, -0.25, 1, 3] });
  expect(values.chosen).toEqual(Float32Array.of(0.5, 0, 0, -0.25, 0, 0));
  expect(values.isSmall).toEqual(Int32Array.of(1, 0, 0, 1, 0, 0));
  expect(values.count).toBe(2);
  expect(values.sum).toEqual(Float32Array.of(1.5, -2, NaN, 0.75, 1, 3));
});

test("an optimiser's states and parameters are one loop, in place", () => {
  const [theta, moment] = [variable("theta", [5], 1), variable("moment", [5], 0)];
  const gradient = input("gradient", [5]);
  const next = gradient.sub(moment).mul(0.5).add(moment);
  const updates = [assign(moment, next), assign(theta, theta.sub(next))];
  const program = compile({ inputs: { gradient }, outputs: { norm: gradient.square().sum() }, updates });
  program.run({ gradient: [1, 2, 3, 4, 5] });
  expect(program.store.read(theta)).toEqual(Float32Array.of(0.5, 0, -0.5, -1, -1.5));
  expect(explain(program, { rounds: 1 }).steps.at(-1)!.inPlace).toEqual(["moment", "theta"]);
});
