import { compile, input, variable } from "@uphill/autodiff";
import { enableRelaxedSimd } from "@uphill/autodiff/node";
import { backendOf } from "../harness/backend.js";

// Usage: node --expose-gc many-programs.js relaxed|plain programs|modules COUNT…
// Makes and drops as many distinct programs, or distinct modules of one function, which show what the engine itself
// keeps; prints resident memory in MB after each of the counts.

const [, , form, kind, ...texts] = process.argv;
const backend = backendOf({ relaxedSimd: form === "relaxed" && enableRelaxedSimd() });
const { gc: collect } = globalThis as { readonly gc?: () => void };
if (collect === undefined) throw new Error("many-programs: expected --expose-gc, got a process without it");

const residentMegabytes: number[] = [];
let made = 0;
for (const count of texts.map(Number)) {
  for (; made < count; made++) {
    if (kind === "programs") runDistinct(made);
    else void new WebAssembly.Instance(new WebAssembly.Module(smallestModule(made)));
    if (made % 50 === 0) await settle(collect, 1);
  }
  await settle(collect, 5);
  residentMegabytes.push(process.memoryUsage.rss() / 1e6);
}
console.log(JSON.stringify(residentMegabytes));

/** A module of one function that returns k. */
// prettier-ignore
function smallestModule(k: number): Uint8Array<ArrayBuffer> {
  const number = [0, 7, 14, 21, 28].map((shift) => ((k >> shift) & 127) | (shift < 28 ? 128 : 0));
  return Uint8Array.of(
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0,
    10, 10, 1, 8, 0, 65, ...number, 11,
  );
}

/** A program whose widths, constants and chain of 14 operations no other number has. */
function runDistinct(k: number): void {
  const width = 1 + (k % 37);
  const x = input("x", ["batch", width]);
  const weights = variable("weights", [width, 1 + (k % 11)], 0.01);
  let y = x.matmul(weights).add(1 + k / 8192);
  for (let bit = 0; bit < 14; bit++) y = (k >> bit) % 2 === 1 ? y.tanh() : y.square().add(1).log();
  const program = compile({ inputs: { x }, outputs: { mean: y.mean() }, backend });
  const { mean } = program.run({ x: new Float32Array(8 * width).fill(0.5) });
  if (!Number.isFinite(mean)) throw new Error(`many-programs: expected a finite mean, got ${String(mean)}`);
}

/** Collects garbage, and lets what waits for that run. */
async function settle(collectGarbage: () => void, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    collectGarbage();
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
