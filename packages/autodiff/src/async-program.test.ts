import { OptionError, ShapeError, StateError } from "@uphill/core-math";
import { describe, expect, expectTypeOf, test } from "vitest";
import { lendingBackend } from "../test/lending-backend.js";
import { assign, AsyncProgram, compile, constant, input, interpreter, Program, Store, variable } from "./index.js";
import type { AnyBackend } from "./index.js";

const x = input("x", ["batch"]);
const total = variable("total", [], 1);
const parts = { inputs: { x }, outputs: { x, sum: x.sum() }, updates: [assign(total, total.add(x.sum()))] };

describe("example", () => {
  test("a run is awaited, and reads what it was fed before", async () => {
    const program = compile({ ...parts, backend: lendingBackend() });
    const fed = Float32Array.of(1, 2);
    const run = program.execute({ x: fed });
    fed.fill(100);
    await run;
    expect([program.updatesApplied, program.scalar("sum"), [...program.view("x")]]).toEqual([true, 3, [1, 2]]);
    expect(await program.run({ x: [10] })).toEqual({ x: Float64Array.of(10), sum: 10 });
    expect(program.store.read(total)[0]).toBe(14);
  });

  test("await serves programs of both kinds", async () => {
    const backends: AnyBackend[] = [interpreter, lendingBackend()];
    for (const backend of backends) {
      const program = compile({ ...parts, backend });
      const run = program.execute({ x: [4, 5] });
      expectTypeOf(run).toEqualTypeOf<void | Promise<void>>();
      await run;
      expect([program.scalar("sum"), program.store.read(total)[0]]).toEqual([9, 10]);
    }
  });

  test("compile's type follows from the backend's", () => {
    expect(compile(parts)).toBeInstanceOf(Program);
    expect(compile({ ...parts, backend: lendingBackend() })).toBeInstanceOf(AsyncProgram);
    expectTypeOf(compile(parts).run({ x: [1] }).sum).toEqualTypeOf<number | Float32Array | Float64Array | Int32Array>();
    expectTypeOf(compile({ ...parts, backend: lendingBackend() }).execute).returns.toEqualTypeOf<Promise<void>>();
  });
});

describe("laws", () => {
  test("programs of all backends on one store see each other's updates", async () => {
    const store = new Store();
    const slow = compile({ ...parts, store, backend: lendingBackend() });
    const fast = compile({ ...parts, store });
    const other = compile({ ...parts, store, backend: lendingBackend() });
    for (let round = 0; round < 3; round++) {
      await slow.execute({ x: [1] });
      await slow.execute({ x: [2] });
      fast.execute({ x: [10] });
      fast.execute({ x: [20] });
      await other.execute({ x: [100] });
    }
    expect(store.read(total)[0]).toBe(1 + 3 * 133);
  });

  test("whatever touches the store finds lent values, and what it writes is used", async () => {
    const store = new Store();
    const program = compile({ ...parts, store, backend: lendingBackend() });
    const run = () => program.execute({ x: [1] });
    await run();
    expect(store.borrowerOf(total)).toBeDefined();
    expect(store.copy().read(total)[0]).toBe(2);
    await run();
    expect(store.view(total)[0]).toBe(3);
    await run();
    store.write(total, [10]);
    await run();
    expect(store.read(total)[0]).toBe(11);
    await run();
    const snapshot = new Store();
    snapshot.adopt(total);
    snapshot.assign(store);
    expect(snapshot.read(total)[0]).toBe(12);
    await run();
    store.assign(snapshot);
    expect(store.read(total)[0]).toBe(12);
  });

  test("a guard that is not finite, and a run that fails, change nothing", async () => {
    const index = input("index", ["k"], "int32");
    const row = constant([1, 2]).gather(index).sum();
    const guard = x.sum();
    const program = compile({
      inputs: { x, index },
      updates: [assign(total, total.add(row), { onlyIfFinite: guard })],
      backend: lendingBackend(),
    });
    await program.execute({ x: [NaN], index: [0] });
    expect(program.updatesApplied).toBe(false);
    await expect(program.execute({ x: [1], index: [2] })).rejects.toThrow(OptionError);
    expect(program.store.read(total)[0]).toBe(1);
    await program.execute({ x: [1], index: [1] });
    expect(program.store.read(total)[0]).toBe(3);
  });

  test("a variable that is read while a run goes on has its old value; then its new one", async () => {
    const program = compile({ ...parts, backend: lendingBackend() });
    const run = program.execute({ x: [5] });
    expect(program.store.read(total)[0]).toBe(1);
    await run;
    expect(program.store.read(total)[0]).toBe(6);
  });
});

describe("errors", () => {
  test("one run at a time", async () => {
    const program = compile({ ...parts, backend: lendingBackend() });
    const first = program.execute({ x: [1] });
    await expect(program.execute({ x: [2] })).rejects.toThrow(StateError);
    await first;
    await program.execute({ x: [2] });
    expect(program.store.read(total)[0]).toBe(4);
  });

  test("feeds that do not fit, and outputs before a run", async () => {
    const program = compile({ ...parts, backend: lendingBackend() });
    await expect(program.run({} as never)).rejects.toThrow('input "x": expected a number or an array of numbers, got nothing');
    await expect(program.execute({ x: { data: [1], shape: [2] } })).rejects.toThrow(ShapeError);
    expect(() => program.view("x")).toThrow("expected a finished run");
    expect(() => program.scalar("y" as never)).toThrow("expected one of x, sum");
  });

  test("a variable of another store cannot be lent or reclaimed", () => {
    const borrower = { giveBack: () => undefined };
    expect(() => new Store().lend(total, borrower)).toThrow('variable "total": expected a variable of this store');
    expect(() => new Store().reclaim([total])).toThrow(OptionError);
  });
});
