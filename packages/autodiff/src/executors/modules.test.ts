import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { assign, compile, grad, input, Store, variable, webAssembly } from "../index.js";

const { Module } = WebAssembly;
const { grow } = WebAssembly.Memory.prototype;
let [modules, growths] = [0, 0];

beforeEach(() => {
  [modules, growths] = [0, 0];
  WebAssembly.Module = class extends Module {
    constructor(bytes: BufferSource) {
      super(bytes);
      modules++;
    }
  };
  WebAssembly.Memory.prototype.grow = function counted(pages) {
    growths++;
    return grow.call(this, pages);
  };
});
afterEach(() => {
  WebAssembly.Module = Module;
  WebAssembly.Memory.prototype.grow = grow;
});

describe("named dimensions are arguments", () => {
  test("a thousand episode lengths run through one module, in memory that doubles", () => {
    const observation = input("observation", ["steps", 4]);
    const returns = input("returns", ["steps"]);
    const kernel = variable("kernel", [4, 64], Array.from({ length: 256 }, (_, i) => ((i * 7) % 13) / 50 - 0.1));
    const head = variable("head", [64, 1], 0.1);
    const value = observation.matmul(kernel).tanh().matmul(head).reshape(["steps"]);
    const loss = value.sub(returns).square().mean();
    const updates = [kernel, head].map((parameter, k) => assign(parameter, parameter.sub(grad(loss, [kernel, head])[k].mul(1e-3))));
    const program = compile({ inputs: { observation, returns }, outputs: { loss }, updates, backend: webAssembly() });
    // Every length from 1 to 1000, in no order.
    for (let episode = 1; episode <= 1000; episode++) {
      const steps = 1 + ((episode * 367) % 1000);
      program.execute({ observation: new Float32Array(4 * steps).fill(0.5), returns: new Float32Array(steps).fill(1) });
      expect(program.scalar("loss")).toBeLessThan(4);
    }
    expect(modules).toBe(1);
    expect(growths).toBeLessThan(30);
  });
});

setFlagsFromString("--expose-gc");
/** Collects garbage at once. */
const collect = runInNewContext("gc") as () => void;

const turn = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 1));

const witnesses = new FinalizationRegistry<{ gone: boolean }>((witness) => (witness.gone = true));

/** Something that is garbage at once. Made in a function of its own, which leaves it in no register of who waits. */
function makeGarbage(): { readonly gone: boolean } {
  const witness = { gone: false };
  witnesses.register({}, witness);
  return witness;
}

/** Collects garbage, and lets what waits for that run: when that is, a witness says. */
async function settle(): Promise<void> {
  const witness = makeGarbage();
  while (!witness.gone) {
    collect();
    await turn();
  }
  await turn();
}

describe("programs that are dropped", () => {
  test("give their part of the store's memory back", async () => {
    const store = new Store();
    const offset = variable("offset", [], 1);
    const runDistinct = (k: number): void => {
      const x = input("x", ["n"]);
      const y = x.add(offset).mul(k + 2).tanh();
      const program = compile({ inputs: { x }, outputs: { y, total: y.sum() }, store, backend: webAssembly() });
      program.execute({ x: new Float32Array(16_384) });
    };
    // 128 kB each: kept, they would take 13 MB.
    for (let k = 0; k < 100; k++) {
      runDistinct(k);
      if (k % 25 === 24) await settle();
    }
    expect(modules).toBe(100);
    expect(store.view(offset).buffer.byteLength).toBeLessThan(6e6);
  });

  test("give all of a store's memory back with the store, without waiting for the event loop", () => {
    const before = process.memoryUsage.rss();
    // 2 MB and more each: kept, they would take 200 MB.
    for (let k = 0; k < 100; k++) {
      const x = input("x", ["n"]);
      compile({ inputs: { x }, outputs: { y: x.mul(k + 2) }, backend: webAssembly() }).execute({ x: new Float32Array(2 ** 18) });
      if (k % 25 === 24) collect();
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(1e8);
  });
});
