import { OptionError, StateError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deferredBackend } from "../test/deferred-backend.js";
import { compile, compileStaged, evaluate, explain, grad, input, interpreter, Store, variable } from "./index.js";
import type { Explanation } from "./index.js";

const x = input("x", ["batch", 3]);
const v = input("v", [2]);
const kernel = variable("kernel", [3, 2], [0.5, -1, 2, 0.25, 3, -0.75]);
const hidden = x.matmul(kernel).tanh();
const inputs = { v };
const outputs = { y: hidden.mul(v.broadcastTo(["batch", 2])).sum(1), slope: hidden.square().neg().add(1).matmul(v.reshape([2, 1])) };

const primitivesOf = ({ steps }: Explanation) => steps.flatMap(({ primitives }) => primitives);

describe("example", () => {
  test("a layer's values are computed once, and weighed again and again", () => {
    const program = compileStaged({ held: { x }, inputs, outputs: { y: outputs.y } });
    program.hold({ x: [1, 0, 0, 0, 1, 0] });
    program.execute({ v: [1, 0] });
    expect([...program.view("y")]).toEqual([Math.fround(Math.tanh(0.5)), expect.closeTo(Math.tanh(2), 6)]);
    program.execute({ v: [0, 1] });
    expect([...program.view("y")]).toEqual([expect.closeTo(Math.tanh(-1), 6), expect.closeTo(Math.tanh(0.25), 6)]);
    expect(primitivesOf(explain(program.first))).toContain("tanh");
    expect(primitivesOf(explain(program.second))).not.toContain("tanh");
  });
});

describe("laws", () => {
  test("both stages give what one program gives, at every length", () => {
    const [staged, whole] = [compileStaged({ held: { x }, inputs, outputs }), compile({ inputs: { x, v }, outputs })];
    const rows = fc.array(fc.integer({ min: -20, max: 20 }).map((k) => k / 10), { minLength: 1, maxLength: 40 });
    const pairs = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(rows, pairs, (numbers, directions) => {
        for (const fed of [numbers, numbers.map((number) => number / 2)].map((all) => all.flatMap((one) => [one, 1 - one, 0.5]))) {
          staged.hold({ x: fed });
          for (const direction of directions) {
            staged.execute({ v: direction });
            const { y, slope } = whole.run({ x: fed, v: direction });
            expect([...staged.view("y")]).toEqual([...(y as Float32Array)].map((one) => expect.closeTo(one, 5)));
            expect([...staged.view("slope")]).toEqual([...(slope as Float32Array)].map((one) => expect.closeTo(one, 5)));
          }
        }
      }),
    );
  });

  test("what is kept outlives growth of the store's memory", () => {
    const store = new Store();
    const program = compileStaged({ held: { x }, inputs, outputs, store });
    program.hold({ x: [1, 2, 3] });
    program.execute({ v: [1, 1] });
    const before = [...program.view("y")];
    compile({ inputs: {}, outputs: { sum: variable("large", [200_000], 1).sum() }, store }).run({});
    program.execute({ v: [1, 1] });
    expect([...program.view("y")]).toEqual(before);
  });

  test("on backends that are awaited, or have no memory of inputs", async () => {
    const parts = { held: { x }, inputs, outputs };
    const [deferred, interpreted] = [compileStaged({ ...parts, backend: deferredBackend }), compileStaged({ ...parts, backend: interpreter })];
    for (const fed of [[1, 2, 3], [3, 2, 1], [1, 2, 3, 4, 5, 6]]) {
      await deferred.hold({ x: fed });
      interpreted.hold({ x: fed });
      for (const direction of [[1, 2], [0, -1]]) {
        await deferred.execute({ v: direction });
        interpreted.execute({ v: direction });
        const expected = evaluate(outputs, { x: fed, v: direction });
        for (const name of ["y", "slope"] as const) {
          expect(deferred.view(name)).toEqual(expected[name]);
          expect(interpreted.view(name)).toEqual(expected[name]);
        }
      }
    }
  });

  test("nor does the room that the first run takes detach it", () => {
    const program = compileStaged({ held: { x }, inputs, outputs, store: new Store() });
    const fed = Float32Array.from({ length: 3 * 50_000 }, (_, i) => (i % 7) / 7);
    program.hold({ x: fed });
    program.execute({ v: [1, 2] });
    const { y } = compile({ inputs: { x, v }, outputs }).run({ x: fed, v: [1, 2] });
    expect([...program.view("y").subarray(0, 9)]).toEqual([...(y as Float32Array).subarray(0, 9)].map((one) => expect.closeTo(one, 5)));
  });

  test("what is kept of fixed length outlives longer feeds of either stage", () => {
    const q = input("q", ["time"]);
    const scaled = hidden.sum(0);
    const grown = { sums: scaled.mul(q.sum()), weighed: hidden.sum(1).mul(q.sum()) };
    const program = compileStaged({ held: { x }, inputs: { q }, outputs: grown, store: new Store() });
    for (const [rows, length] of [[1, 1], [1, 300_000], [200_000, 2]]) {
      const [fed, weights] = [new Float32Array(3 * rows).fill(0.25), new Float32Array(length).fill(1 / length)];
      program.hold({ x: fed });
      program.execute({ q: weights });
      const expected = compile({ inputs: { x, q }, outputs: grown }).run({ x: fed, q: weights }).sums as Float32Array;
      expect([...program.view("sums")]).toEqual([...expected]);
    }
  });

  test("lengths that only one of the stages is fed", () => {
    const q = input("q", ["time"]);
    const total = x.sum().mul(q.sum());
    const whole = {
      "of the second, in what does not depend on it": grad(q.mul(kernel.sum()).mean().mul(x.sum()), [kernel])[0],
      "of the second, in what is stretched": x.sum().exp().broadcastTo(["time"]).mul(2).add(q),
      "of the first, in what does": total.div(x.mean().div(x.sum())),
      "of the first, in what is stretched": total.broadcastTo(["batch"]),
    };
    const fed = { x: [0.5, 0.25, 1, -1, 0.5, 0], q: [1, 2, 6] };
    const expected = evaluate(whole, fed);
    for (const [name, output] of Object.entries(whole)) {
      const program = compileStaged({ held: { x }, inputs: { q }, outputs: { output } });
      program.hold({ x: fed.x });
      program.execute({ q: fed.q });
      const values = [expected[name as keyof typeof whole]].flatMap((value) => (typeof value === "number" ? value : [...value]));
      expect([...program.view("output")]).toEqual(values.map((value) => expect.closeTo(value, 4)));
    }
  });

  test("variables, what is fed as it is, and what does not change at all", () => {
    const program = compileStaged({
      held: { x },
      inputs,
      outputs: { product: kernel.matmul(v.reshape([2, 1])), sums: x.sum(1).mul(v.sum()), total: x.sum() },
    });
    program.hold({ x: [1, 2, 3] });
    program.execute({ v: [1, 2] });
    expect([...program.view("product")]).toEqual([-1.5, 2.5, 1.5]);
    expect([...program.view("sums")]).toEqual([18]);
    expect(program.scalar("total")).toBe(6);
    expect(program.first.store).toBe(program.second.store);
    expect(evaluate(outputs.y, { x: [0, 0, 0], v: [1, 1] })).toEqual(Float64Array.of(0));
  });
});

describe("errors", () => {
  test("what could not be held leaves nothing to run on", () => {
    const program = compileStaged({ held: { x }, inputs, outputs });
    program.hold({ x: [1, 2, 3] });
    expect(() => program.hold({ x: [1, 2] })).toThrow("expected a multiple of 3 elements");
    expect(() => program.execute({ v: [1, 2] })).toThrow("staged program: expected a finished hold() before a run, got none");
  });

  test("a run before anything is held, and inputs that are in neither list", () => {
    expect(() => compileStaged({ held: { x }, inputs, outputs }).execute({ v: [1, 2] })).toThrow(StateError);
    expect(() => compileStaged({ held: { x }, inputs, outputs }).execute({ v: [1, 2] })).toThrow(
      "staged program: expected a finished hold() before a run, got none",
    );
    expect(() => compileStaged({ held: {}, inputs, outputs })).toThrow('got none for "x"');
    expect(() => compileStaged({ held: { x }, inputs, outputs: { y: 3 as never } })).toThrow("outputs.y: expected a tensor, got number");
    expect(() => compileStaged({ held: { x }, inputs } as never)).toThrow("outputs: expected an object, got undefined");
    expect(() => compileStaged({ held: { x, v }, inputs: { v }, outputs })).toThrow(OptionError);
    expect(() => compileStaged({ held: { x, v }, inputs: { v }, outputs })).toThrow('inputs.v: expected a name that held has not');
  });
});
