import { OptionError, ShapeError, StateError } from "@uphill/core-math";
import { describe, expect, expectTypeOf, test } from "vitest";
import { deferredBackend } from "../test/deferred-backend.js";
import { assign, AsyncProgram, compile, constant, input, interpreter, Program, Store, variable } from "./index.js";
import type { AnyBackend } from "./index.js";

const x = input("x", ["batch"]);
const total = variable("total", [], 1);
const parts = { inputs: { x }, outputs: { x, sum: x.sum() }, updates: [assign(total, total.add(x.sum()))] };

describe("example", () => {
  test("a run is awaited, and reads what it was fed before", async () => {
    const program = compile({ ...parts, backend: deferredBackend });
    const fed = Float32Array.of(1, 2);
    const run = program.execute({ x: fed });
    fed.fill(100);
    await run;
    expect([program.updatesApplied, program.scalar("sum"), [...program.view("x")]]).toEqual([true, 3, [1, 2]]);
    expect(await program.run({ x: [10] })).toEqual({ x: Float64Array.of(10), sum: 10 });
    expect(program.store.read(total)[0]).toBe(14);
  });

  test("await serves programs of both kinds", async () => {
    const backends: AnyBackend[] = [interpreter, deferredBackend];
    for (const backend of backends) {
      const program = compile({ ...parts, backend });
      const run = program.execute({ x: [4, 5] });
      expectTypeOf(run).toEqualTypeOf<void | Promise<void>>();
      await run;
      expect([program.scalar("sum"), program.store.read(total)[0]]).toEqual([9, 10]);
    }
  });

  test("the store's backend runs what names none, at once", () => {
    expect(compile({ ...parts, store: new Store({ backend: interpreter }) })).toBeInstanceOf(Program);
  });

  test("compile's type follows from the backend's", () => {
    expect(compile(parts)).toBeInstanceOf(Program);
    expect(compile({ ...parts, backend: deferredBackend })).toBeInstanceOf(AsyncProgram);
    expectTypeOf(compile(parts).run({ x: [1] }).sum).toEqualTypeOf<number | Float32Array | Float64Array | Int32Array>();
    expectTypeOf(compile({ ...parts, backend: deferredBackend }).execute).returns.toEqualTypeOf<Promise<void>>();
  });
});

describe("laws", () => {
  test("programs of both kinds on one store see each other's updates", async () => {
    const store = new Store();
    const slow = compile({ ...parts, store, backend: deferredBackend });
    const fast = compile({ ...parts, store });
    for (let round = 0; round < 3; round++) {
      await slow.execute({ x: [1] });
      fast.execute({ x: [10] });
      store.write(total, [100 + store.view(total)[0]]);
    }
    expect(store.read(total)[0]).toBe(1 + 3 * 111);
  });

  test("a guard that is not finite, and a run that fails, change nothing", async () => {
    const index = input("index", ["k"], "int32");
    const row = constant([1, 2]).gather(index).sum();
    const guard = x.sum();
    const program = compile({
      inputs: { x, index },
      updates: [assign(total, total.add(row), { onlyIfFinite: guard })],
      backend: deferredBackend,
    });
    await program.execute({ x: [NaN], index: [0] });
    expect(program.updatesApplied).toBe(false);
    await expect(program.execute({ x: [1], index: [2] })).rejects.toThrow(OptionError);
    expect(program.store.read(total)[0]).toBe(1);
    await program.execute({ x: [1], index: [1] });
    expect(program.store.read(total)[0]).toBe(3);
  });

  test("a variable has its old value until the run ends", async () => {
    const program = compile({ ...parts, backend: deferredBackend });
    const run = program.execute({ x: [5] });
    expect(program.store.read(total)[0]).toBe(1);
    await run;
    expect(program.store.read(total)[0]).toBe(6);
  });
});

describe("errors", () => {
  test("one run at a time", async () => {
    const program = compile({ ...parts, backend: deferredBackend });
    const first = program.execute({ x: [1] });
    await expect(program.execute({ x: [2] })).rejects.toThrow(StateError);
    await first;
    await program.execute({ x: [2] });
    expect(program.store.read(total)[0]).toBe(4);
  });

  test("feeds that do not fit, and outputs before a run", async () => {
    const program = compile({ ...parts, backend: deferredBackend });
    await expect(program.run({} as never)).rejects.toThrow('input "x": expected a number or an array of numbers, got nothing');
    await expect(program.execute({ x: { data: [1], shape: [2] } })).rejects.toThrow(ShapeError);
    expect(() => program.view("x")).toThrow("expected a finished run");
    expect(() => program.scalar("y" as never)).toThrow("expected one of x, sum");
  });
});
