import { argMax, assign, compile, constant, float32, gather, grad, hostOperation, input, interpreter, Store, variable, webAssembly } from "@uphill/autodiff";
import type { AnyBackend, Backend } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ppoUpdate, sacUpdate, td3Update } from "../../test/update-programs.js";
import type { UpdateProgram } from "../../test/update-programs.js";
import { onnxRuntime } from "./onnx-runtime.js";

const backend = onnxRuntime();
const x = input("x", ["batch", 3]);
const kernel = variable("kernel", [3, 2], [0.5, -1, 2, 0.25, 3, -0.75]);

/** Runs an update on two backends, on stores of their own, and gives ‖θ − θ′‖ / ‖θ′‖ over all variables at chosen steps. */
async function differences(update: UpdateProgram, other: AnyBackend, rows: number, steps: readonly number[]): Promise<number[]> {
  const { inputs, outputs, updates } = update;
  const program = compile({ inputs, outputs, updates, store: new Store(), backend: other });
  const reference = compile({ inputs, outputs, updates, store: new Store() });
  const found: number[] = [];
  for (let n = 1; n <= Math.max(...steps); n++) {
    const feeds = update.feeds(rows, n);
    await program.execute(feeds);
    reference.execute(feeds);
    expect(program.updatesApplied).toBe(true);
    if (steps.includes(n)) found.push(relativeDifference(program.store, reference.store));
  }
  return found;
}

function relativeDifference(store: Store, reference: Store): number {
  let [difference, size] = [0, 0];
  for (const one of reference.variables()) {
    const [actual, expected] = [store.view(one), reference.view(one)];
    expected.forEach((value: number, i: number) => {
      difference += (actual[i] - value) ** 2;
      size += value ** 2;
    });
  }
  return Math.sqrt(difference / size);
}

describe("example", () => {
  test("a layer learns; its weights are the store's, where a policy reads them at once", async () => {
    const store = new Store();
    const layer = variable("layer", [3, 1], 0);
    const target = input("target", ["batch", 1]);
    const output = x.matmul(layer);
    const loss = output.sub(target).square().mean();
    const [gradient] = grad(loss, [layer]);
    const updates = [assign(layer, layer.sub(gradient.mul(0.1)))];
    const update = compile({ inputs: { x, target }, outputs: { loss }, updates, store, backend });
    const act = compile({ inputs: { x }, outputs: { output }, store });
    const feeds = { x: [1, 0, 0, 0, 1, 0, 0, 0, 1], target: [1, 2, 3] };
    for (let n = 0; n < 200; n++) await update.execute(feeds);
    expect(update.scalar("loss")).toBeLessThan(1e-5);
    expect([...(act.run({ x: feeds.x }).output as Float32Array)].map(Math.round)).toEqual([1, 2, 3]);
  });
});

describe("laws", () => {
  test.each([
    ["PPO", ppoUpdate(256)],
    ["SAC", sacUpdate(256)],
    ["TD3", td3Update(256)],
  ])("%s agrees with WebAssembly, 256×256: to 1e-5 after one update, to 1e-3 after 100", async (_, update) => {
    const [first, last] = await differences(update, backend, 32, [1, 100]);
    expect(first).toBeLessThan(1e-5);
    expect(last).toBeLessThan(1e-3);
  });

  test("so do several threads", async () => {
    expect(await differences(sacUpdate(128), onnxRuntime({ threads: 2 }), 256, [1])).toEqual([expect.closeTo(0, 5)]);
  });

  test("one program runs batches of any lengths, the empty one too", async () => {
    const parts = { inputs: { x }, outputs: { y: x.matmul(kernel).relu(), sums: x.matmul(kernel).sum(0), mean: x.mean() } };
    const [program, reference] = [compile({ ...parts, backend }), compile(parts)];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(300), { minLength: 1, maxLength: 5 }), async (lengths) => {
        for (const length of lengths) {
          const data = Float32Array.from({ length: 3 * length }, (_, i) => ((i * 7) % 11) / 4 - 1);
          expectSameResults(await program.run({ x: data }), reference.run({ x: data }));
        }
      }),
      { numRuns: 30 },
    );
  });

  test("updates are simultaneous, and outputs are of before", async () => {
    const [a, b] = [variable("a", [2, 2], [1, 2, 3, 4]), variable("b", [2, 2], [0, 1, 1, 0])];
    const program = compile({ inputs: {}, outputs: { a, product: a.matmul(b) }, updates: [assign(a, a.matmul(b)), assign(b, a)], backend });
    const { a: before, product } = await program.run({});
    expect([[...(before as Float32Array)], [...(product as Float32Array)]]).toEqual([[1, 2, 3, 4], [2, 1, 4, 3]]);
    expect([[...program.store.read(a)], [...program.store.read(b)]]).toEqual([[2, 1, 4, 3], [1, 2, 3, 4]]);
  });

  test("an updated weight that the same run multiplies by", async () => {
    const updated = kernel.sub(grad(x.matmul(kernel).square().sum(), [kernel])[0].mul(0.01));
    const parts = { inputs: { x }, outputs: { after: x.matmul(updated) }, updates: [assign(kernel, updated)] };
    const [program, reference] = [compile({ ...parts, backend }), compile(parts)];
    const feeds = { x: [1, 2, 3, -1, 0.5, 0.25] };
    for (let n = 0; n < 3; n++) expectSameResults(await program.run(feeds), reference.run(feeds));
    expect(relativeDifference(program.store, reference.store)).toBeLessThan(1e-6);
  });

  test("programs on one store, of both kinds, see each other's updates and what is written to it", async () => {
    const store = new Store();
    const parts = { inputs: {}, updates: [assign(kernel, constant([2, 0, 0, 0, 2, 0, 0, 0, 2], [3, 3]).matmul(kernel))], store };
    const [slow, fast] = [compile({ ...parts, backend }), compile(parts)];
    await slow.execute({});
    fast.execute({});
    store.write(kernel, store.read(kernel).map((value: number) => 3 * value));
    await slow.execute({});
    expect([...store.read(kernel)]).toEqual([...kernel.initial].map((value) => 24 * value));
  });

  test.each([NaN, Infinity])("a guard of %s keeps every variable and reports it", async (poison) => {
    const loss = x.matmul(kernel).sum();
    const [gradient] = grad(loss, [kernel]);
    const updates = [assign(kernel, kernel.sub(gradient), { onlyIfFinite: gradient.square().sum() })];
    const program = compile({ inputs: { x }, outputs: { loss }, updates, backend });
    await program.execute({ x: [1, poison, 3] });
    expect(program.updatesApplied).toBe(false);
    expect([...program.store.read(kernel)]).toEqual([...kernel.initial]);
    await program.execute({ x: [1, 1, 1] });
    expect(program.updatesApplied).toBe(true);
    expect([...program.store.read(kernel)]).toEqual([...kernel.initial].map((value) => value - 1));
  });

  test("what is fed may change as soon as a run has begun, and memory may grow", async () => {
    const store = new Store();
    const program = compile({ inputs: { x }, outputs: { y: x.matmul(kernel) }, store, backend });
    await program.execute({ x: [1, 0, 0] });
    const fed = Float32Array.of(0, 1, 0);
    const run = program.run({ x: fed });
    fed.fill(100);
    const long = input("long", ["length"]);
    compile({ inputs: { long }, outputs: { doubled: long.mul(2) }, store }).execute({ long: new Float32Array(1_000_000) });
    expect([...((await run).y as Float32Array)]).toEqual([2, 0.25]);
  });

  test("what is written where inputs are kept is read without a copy, at every length", async () => {
    const program = compile({ inputs: { x }, outputs: { y: x.matmul(kernel), sum: x.sum() }, backend });
    for (const rows of [1, 3, 2]) {
      await program.execute({ x: new Float32Array(3 * rows) });
      const memory = program.inputView("x");
      expect(memory.length).toBe(3 * rows);
      memory.fill(0)[0] = rows;
      await program.execute({ x: memory });
      expect([...program.view("y").subarray(0, 2)]).toEqual([0.5 * rows, -rows]);
      expect(program.scalar("sum")).toBe(rows);
      expect(program.inputView("x")).toBe(memory);
    }
  });

  test("on a store of another backend, and without any product", async () => {
    const store = new Store({ backend: interpreter });
    const parts = { inputs: { x }, outputs: { y: x.matmul(kernel).exp(), total: x.sum() }, store };
    const { y, total } = await compile({ ...parts, backend }).run({ x: [1, 0, 0] });
    expect([...(y as Float64Array)].map((value) => Math.log(value))).toEqual([expect.closeTo(0.5, 6), expect.closeTo(-1, 6)]);
    expect(total).toBe(1);
    expect((await compile({ inputs: { x }, outputs: { total: x.sum() }, backend }).run({ x: [1, 2, 3] })).total).toBe(6);
  });

  test("a store that moves into another memory between runs", async () => {
    const store = new Store({ backend: float32 });
    const program = compile({ inputs: { x }, outputs: { y: x.matmul(kernel) }, store, backend });
    await program.execute({ x: [1, 0, 0] });
    const doubling = compile({ inputs: {}, updates: [assign(kernel, kernel.mul(2))], store, backend: webAssembly() });
    doubling.execute({});
    expect([...((await program.run({ x: [1, 0, 0] })).y as Float32Array)]).toEqual([1, -2]);
  });

  test("rows that are normalised by their sums, and a length that only the rest knows", async () => {
    const wide = variable("wide", [3, 32], Array.from({ length: 96 }, (_, i) => (i % 7) / 7 + 0.1));
    const narrow = variable("narrow", [32, 2], Array.from({ length: 64 }, (_, i) => (i % 5) - 2));
    const hidden = x.matmul(wide).exp();
    const shares = hidden.div(hidden.sum(1, true).broadcastTo(["batch", 32]));
    const copies = constant(1).broadcastTo(["length", 3]).matmul(wide);
    const long = input("long", ["length"]);
    const parts = {
      inputs: { x, long },
      outputs: { y: shares.matmul(narrow), sums: hidden.sum(0), copies, total: long.sum() },
    };
    const feeds = { x: [1, 0.5, -1, 0, 2, 1], long: [1, 2, 3, 4] };
    expectSameResults(await compile({ ...parts, backend }).run(feeds), compile(parts).run(feeds));
    const alone = { inputs: { long }, outputs: { copies, total: long.sum() } };
    expectSameResults(await compile({ ...alone, backend }).run({ long: feeds.long }), compile(alone).run({ long: feeds.long }));
  });

  test("what is no product runs on the store's backend", async () => {
    const prepared: string[] = [];
    const watched: Backend = {
      name: "watched",
      prepare: (graph, store) => {
        prepared.push(...graph.order.map(({ primitive }) => primitive));
        return webAssembly().prepare(graph, store);
      },
    };
    const store = new Store({ backend: watched });
    await compile({ inputs: { x }, outputs: { y: x.matmul(kernel).exp() }, store, backend }).run({ x: [1, 0, 0] });
    expect(prepared).toEqual(["input", "exp"]);
  });
});

describe("errors", () => {
  test("indices are checked before anything is written: fed, held and computed ones", async () => {
    const index = input("index", ["k"], "int32");
    const held = variable("held", [2], [0, 3], "int32");
    const square = constant([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]);
    const run = (indices: typeof index) => {
      const rows = gather(kernel, indices).named("rows");
      const updates = [assign(kernel, kernel.add(rows.matmul(constant([1, 0, 0, 1], [2, 2])).sum()))];
      return compile({ inputs: { index }, updates, store: new Store(), backend });
    };
    const fed = run(index);
    await expect(fed.execute({ index: [0, 3] })).rejects.toThrow('gather "rows": expected indices from 0 to 2, got 3 at position 1');
    await expect(fed.execute({ index: [-1] })).rejects.toThrow("expected indices from 0 to 2, got -1 at position 0");
    await expect(run(held).execute({ index: [0] })).rejects.toThrow("expected indices from 0 to 2, got 3 at position 1");
    const negative = run(argMax(square.matmul(constant([1, 0, 0], [3, 1])).reshape([1, 3])).toFloat().sub(3).toInt());
    await expect(negative.execute({ index: [0] })).rejects.toThrow("expected indices from 0 to 2, got -1 at position 0");
    expect([...fed.store.read(kernel)]).toEqual([...kernel.initial]);
    await fed.execute({ index: [2, 2] });
    expect(fed.updatesApplied).toBe(true);
  });

  test("feeds that do not fit, before and after a run that was right", async () => {
    const program = compile({ inputs: { x }, outputs: { y: x.matmul(kernel) }, backend });
    await expect(program.run({ x: [1, 2] })).rejects.toThrow('input "x": expected a multiple of 3 elements');
    await program.run({ x: [1, 2, 3] });
    await expect(program.run({} as never)).rejects.toThrow('input "x": expected a number or an array of numbers, got nothing');
  });

  test("a product that depends on a host operation", () => {
    const doubled = hostOperation(
      {
        name: "doubled",
        shape: ([shape]) => shape,
        compute: ([{ data }], out) => data.forEach((value, i) => (out.data[i] = 2 * value)),
        reverse: (_, cotangent) => [cotangent.mul(2)],
      },
      [x],
    );
    const parts = { inputs: { x }, backend };
    expect(() => compile({ ...parts, outputs: { y: doubled.matmul(kernel) } })).toThrow(
      "doubled: expected what ONNX has operators for, got a host operation",
    );
    expect(() => compile({ ...parts, outputs: { y: x.matmul(kernel), doubled } })).not.toThrow();
  });

  test("options out of their range", () => {
    expect(() => onnxRuntime({ threads: 0 })).toThrow("onnxRuntime threads: expected an integer ≥ 1, got 0");
    expect(() => onnxRuntime({ threads: 1.5 })).toThrow(OptionError);
    expect(() => onnxRuntime(null as never)).toThrow("onnxRuntime options");
  });
});

/** Results to 1e-5 of the largest number, or of 1. */
function expectSameResults(actual: Readonly<Record<string, number | ArrayLike<number>>>, expected: typeof actual): void {
  for (const [name, value] of Object.entries(expected)) {
    const [found, wanted] = [actual[name], value].map((one) => (typeof one === "number" ? [one] : Array.from(one)));
    const size = Math.max(1, ...wanted.map(Math.abs));
    expect(found.length).toBe(wanted.length);
    wanted.forEach((number, i) => {
      if (Number.isNaN(number)) expect(found[i]).toBeNaN();
      else expect(Math.abs(found[i] - number)).toBeLessThanOrEqual(1e-5 * size);
    });
  }
}
