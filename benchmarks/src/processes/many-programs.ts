import { enableRelaxedSimd } from "@uphill/autodiff/node";
import { compile, input, variable } from "@uphill/autodiff";
import { backendOf } from "../harness/backend.js";

// Usage: node --expose-gc many-programs.js relaxed|plain COUNT…
// Compiles, runs and drops as many distinct programs; prints resident memory in MB after each of the counts.

const [, , form, ...texts] = process.argv;
const counts = texts.map(Number);
const backend = backendOf({ relaxedSimd: form === "relaxed" && enableRelaxedSimd() });
const { gc } = globalThis as { readonly gc?: () => void };
if (gc === undefined) throw new Error("many-programs: expected --expose-gc, got a process without it");

const residentMegabytes: number[] = [];
let made = 0;
for (const count of counts) {
  for (; made < count; made++) {
    runDistinct(made);
    // What a program that trains does all the time: let the event loop turn, so that what is dropped is let go of.
    if (made % 50 === 0) await turn();
  }
  residentMegabytes.push(await settledMemory(gc));
}
console.log(JSON.stringify(residentMegabytes));

/** A program whose widths, constants and chain of operations no other number has. */
function runDistinct(k: number): void {
  const width = 1 + (k % 37);
  const x = input("x", ["batch", width]);
  const weights = variable("weights", [width, 1 + (k % 11)], 0.01);
  let y = x.matmul(weights).add(1 + k / 8192);
  for (let bits = k; bits > 0; bits >>= 1) y = bits % 2 === 1 ? y.tanh() : y.square().add(1);
  const program = compile({ inputs: { x }, outputs: { mean: y.mean() }, backend });
  const { mean } = program.run({ x: new Float32Array(8 * width).fill(0.5) });
  if (!Number.isFinite(mean)) throw new Error(`many-programs: expected a finite mean, got ${String(mean)}`);
}

/** Resident memory once garbage is collected and what waits for that has run. */
async function settledMemory(collect: () => void): Promise<number> {
  for (let i = 0; i < 5; i++) {
    collect();
    await turn();
  }
  return process.memoryUsage.rss() / 1e6;
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 10);
  });
}
