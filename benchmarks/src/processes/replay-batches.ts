import { Random } from "@uphill/core-math";
import { makeVectorEnvironment, pendulum } from "@uphill/envs";
import { PrioritizedSampler, ReplayBuffer, UniformSampler } from "@uphill/training";

// Usage: node --expose-gc replay-batches.js relaxed|plain COUNT
// Plays Pendulum at random until a replay buffer of COUNT transitions is full, and samples batches of 256 of it. Prints
// the buffer's size in MB; then for uniform and for prioritised batches the microseconds and the bytes of heap of each.

const count = Number(process.argv[3]);
const { gc: collect } = globalThis as { readonly gc?: () => void };
if (collect === undefined) throw new Error("replay-batches: expected --expose-gc, got a process without it");
const sampling = { batchSize: Math.min(256, count), gamma: 0.99 };
const batches = 2000;

const random = new Random(1);
const buffer = filledBuffer();
const uniform = new UniformSampler(buffer, sampling);
const prioritized = new PrioritizedSampler(buffer, { ...sampling, exponent: 0.6 });
const errors = new Float32Array(sampling.batchSize);
console.log(
  JSON.stringify([
    buffer.bytes / 1e6,
    ...costOf(() => uniform.sample(random)),
    ...costOf(() => {
      prioritized.sample(random, 0.5);
      for (let b = 0; b < errors.length; b++) errors[b] = random.random();
      prioritized.setErrors(errors);
    }),
  ]),
);

function filledBuffer() {
  const environments = makeVectorEnvironment(pendulum, Math.min(100, count));
  const filled = new ReplayBuffer(environments, { capacity: count });
  environments.reset({ seed: 1 });
  // A fifth more than it holds: it has gone around.
  for (let played = 0; played < 1.2 * filled.capacity; played += environments.count) {
    const actions = Float32Array.from({ length: environments.count }, () => random.uniform(-2, 2));
    filled.recordDecisions({ observations: environments.observations, actions });
    environments.step(actions);
    filled.recordOutcomes(environments);
  }
  return filled;
}

/** Median microseconds and bytes of a call over some rounds, after rounds in which the engine compiles it. */
function costOf(call: () => void): readonly [number, number] {
  const rounds = Array.from({ length: 14 }, () => {
    collect?.();
    const bytes = process.memoryUsage().heapUsed;
    const start = performance.now();
    for (let k = 0; k < batches; k++) call();
    const us = (1e3 * (performance.now() - start)) / batches;
    return [us, (process.memoryUsage().heapUsed - bytes) / batches];
  }).slice(3);
  const middle = (which: 0 | 1): number => rounds.map((round) => round[which]).sort((a, b) => a - b)[5];
  return [middle(0), middle(1)];
}
