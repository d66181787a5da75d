import { compile, grad, input } from "@uphill/autodiff";
import type { Program } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { categorical } from "@uphill/distributions";
import { adam, clipByGlobalNorm, mlp } from "@uphill/nn";
import { ppoLoss } from "@uphill/pg-algorithms";
import type { Benchmark } from "./benchmark.js";
import { integerParameter } from "./benchmark.js";

const observationSize = 4;
const actionCount = 2;
const minibatch = 64;

/** One PPO update: loss, gradients, clipping of their norm and Adam, for an actor and a critic. */
export const updateStep: Benchmark = {
  name: "update-step",
  summary: `microseconds a PPO update on a minibatch of ${minibatch} takes; [WIDTH = 64] of both hidden layers`,
  run: async ([width]) => {
    const hidden = integerParameter("WIDTH", width, 64, 1);
    const update = updateProgram([hidden, hidden]);
    const feeds = minibatchFeeds();
    const step = (): void => update.execute(feeds);
    for (let i = 0; i < 200; i++) step();
    const timesUs = Array.from({ length: 1000 }, () => elapsedUs(step)).sort((a, b) => a - b);
    const at = (part: number): string => timesUs[Math.floor(part * (timesUs.length - 1))].toFixed(0);
    console.log(`two networks ${hidden}×${hidden}, minibatch ${minibatch}: median ${at(0.5)} µs, 5–95 % ${at(0.05)}–${at(0.95)} µs`);
  },
};

function updateProgram(hidden: readonly number[]): Program {
  const random = new Random(0);
  const actor = mlp(random, { name: "policy", inputs: observationSize, hidden, outputs: actionCount, outputGain: 0.01 });
  const critic = mlp(random, { name: "value", inputs: observationSize, hidden, outputs: 1 });
  const parameters = [...actor.parameters, ...critic.parameters];
  const observation = input("observation", ["batch", observationSize]);
  const action = input("action", ["batch"], "int32");
  const fed = {
    oldLogProbability: input("oldLogProbability", ["batch"]),
    advantage: input("advantage", ["batch"]),
    oldValue: input("oldValue", ["batch"]),
    valueTarget: input("valueTarget", ["batch"]),
    clipRange: input("clipRange", []),
  };
  const distribution = categorical({ logits: actor.apply(observation) });
  const learned = {
    logProbability: distribution.logProbability(action),
    entropy: distribution.entropy(),
    value: critic.apply(observation).reshape(["batch"]),
  };
  const settings = { normalizeAdvantages: true, valueClipRange: null, entropyWeight: 0, valueWeight: 0.5 };
  const { loss } = ppoLoss({ ...fed, ...learned }, settings);
  const { gradients, norm } = clipByGlobalNorm(grad(loss, parameters), 0.5);
  return compile({
    inputs: { observation, action, ...fed },
    outputs: { loss },
    updates: adam(parameters, gradients, { learningRate: 3e-4, epsilon: 1e-5, gradientNorm: norm }),
  });
}

function minibatchFeeds(): Record<string, Float32Array | Int32Array | number> {
  const random = new Random(1);
  const normals = (count: number): Float32Array => {
    const values = new Float32Array(count);
    random.fillStandardNormal(values);
    return values;
  };
  return {
    observation: normals(minibatch * observationSize),
    action: Int32Array.from({ length: minibatch }, () => random.integer(actionCount)),
    oldLogProbability: new Float32Array(minibatch).fill(-Math.LN2),
    advantage: normals(minibatch),
    oldValue: normals(minibatch),
    valueTarget: normals(minibatch),
    clipRange: 0.2,
  };
}

function elapsedUs(step: () => void): number {
  const start = performance.now();
  step();
  return 1000 * (performance.now() - start);
}
