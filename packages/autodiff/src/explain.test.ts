import { describe, expect, test } from "vitest";
import { assign, compile, explain, float32, gather, input, interpreter, Store, variable } from "./index.js";

const x = input("x", ["n", 3]);
const w = variable("w", [3, 2], 0.5);
const hidden = x.matmul(w).add(1).tanh().named("hidden");
const learned = () =>
  compile({ inputs: { x }, outputs: { y: hidden.mean() }, updates: [assign(w, w.mul(0.5))], store: new Store() });

test("says what each step computes, its size, and what runs in the host", () => {
  const indices = input("indices", ["k"], "int32");
  const program = compile({ inputs: { x, indices }, outputs: { y: gather(hidden, indices) } });
  program.run({ x: Array(12).fill(1), indices: [3, 0] });
  const { steps, bytes } = explain(program, { rounds: 3 });
  expect(steps.map(({ primitives, shape, names, emitted, flops }) => ({ primitives, shape, names, emitted, flops }))).toEqual([
    { primitives: ["matmul", "add", "tanh"], shape: [4, 2], names: ["hidden"], emitted: true, flops: 2 * 4 * 2 * 3 + 16 },
    { primitives: ["gather"], shape: [2, 2], names: [], emitted: false, flops: 0 },
  ]);
  for (const { timeUs } of steps) expect(timeUs).toBeGreaterThanOrEqual(0);
  expect(steps[0].bytes).toBe(4 * (12 + 6 + 8));
  expect(bytes).toMatchObject({ inputs: 4 * (12 + 2), variables: 4 * 6 });
  expect(bytes.buffers).toBeGreaterThanOrEqual(4 * (8 + 4));
});

test("tells what is written in place, and leaves variables as they were", () => {
  const program = learned();
  program.run({ x: Array(6).fill(1) });
  const before = program.store.read(w);
  const text = String(explain(program, { rounds: 5 }));
  expect(program.store.read(w)).toEqual(before);
  expect(text).toContain("mul [3, 2]  in place: w");
  expect(text).toMatch(/^4 steps, 0 of them host loops, \d+\.\d µs one by one\nkB: buffers /u);
  expect(program.run({ x: Array(6).fill(1) }).y).toBeCloseTo(Math.tanh(1 + 3 * 0.25), 6);
});

test("explains the float32 executor too", () => {
  const program = compile({ inputs: { x }, outputs: { hidden }, backend: float32 });
  program.run({ x: [1, 2, 3] });
  expect(explain(program, { rounds: 1 }).steps.map(({ primitives }) => primitives.join())).toEqual(["matmul", "add", "tanh"]);
});

describe("errors", () => {
  test("names what is missing", () => {
    expect(() => explain(learned())).toThrow("explain: expected a program that has run, got one that has not");
    const interpreted = compile({ inputs: { x }, outputs: { hidden }, backend: interpreter });
    interpreted.run({ x: [1, 2, 3] });
    expect(() => explain(interpreted)).toThrow("expected a program of a backend that plans its steps");
    expect(() => explain(learned(), { rounds: 0 })).toThrow("explain rounds");
    expect(() => explain({} as never)).toThrow("explain: expected a compiled program, got object");
  });
});
