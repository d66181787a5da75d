import { enableRelaxedSimd } from "@uphill/autodiff/node";
import { backendOf } from "../harness/backend.js";
import { actorCritic, flatFeeds, minibatchFeeds, ppoUpdate } from "../models/actor-critic.js";

// Usage: node compile-once.js relaxed|plain compile|first|steady
// Prints the microseconds that one of these takes in a process that has done nothing before.

const [, , form, part] = process.argv;
const feeds = flatFeeds(minibatchFeeds(64));
const backend = backendOf({ relaxedSimd: form === "relaxed" && enableRelaxedSimd() });

// Initial weights are drawn before: that is no part of a compilation.
const model = actorCritic(64);

const start = performance.now();
const program = ppoUpdate(model, { backend });
const compiled = performance.now();
program.execute(feeds);
const ran = performance.now();

if (part === "compile") console.log(1e3 * (compiled - start));
else if (part === "first") console.log(1e3 * (ran - compiled));
else console.log(steadyUs());

function steadyUs(): number {
  const repeats = 1000;
  for (let i = 0; i < repeats; i++) program.execute(feeds);
  const from = performance.now();
  for (let i = 0; i < repeats; i++) program.execute(feeds);
  return (1e3 * (performance.now() - from)) / repeats;
}
