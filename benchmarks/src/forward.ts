import { compile, input } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { fillNoise } from "@uphill/distributions";
import { backendOf } from "./harness/backend.js";
import type { Benchmark, Settings } from "./harness/benchmark.js";
import { inProcess } from "./harness/contender.js";
import { measure } from "./harness/measure.js";
import { normals } from "./harness/normals.js";
import { onnxContender } from "./harness/onnx.js";
import { microseconds } from "./harness/row.js";
import { actionCount, actorCritic, observationSize } from "./models/actor-critic.js";

/** By batch. */
const targetsUs: readonly (readonly [number, number])[] = [
  [1, 3],
  [8, 10],
];

/** What a rollout computes at each step. */
export const forward: Benchmark = {
  name: "forward",
  summary: "actor and critic 4-64-64 forward, action drawn, its log-probability; batch 1 and 8",
  rounds: 30,
  run: async (_, settings) => {
    const rows = [];
    for (const [batch, target] of targetsUs) rows.push(...(await measureBatch(batch, target, settings)));
    return rows;
  },
};

async function measureBatch(batch: number, target: number, settings: Settings) {
  const { observation, distribution, value } = actorCritic(64);
  const data = normals(1, batch * observationSize);
  const noise = input("noise", distribution.noise.shape);
  const { value: action, logProbability } = distribution.sampleWithLogProbability(noise);
  const outputs = { action, logProbability, value };
  const act = compile({ inputs: { observation, noise }, outputs, backend: backendOf(settings) });
  const actorAlone = {
    inputs: { observation },
    outputs: distribution.parameters,
    feeds: { observation: { data, shape: [batch, observationSize] } },
  };
  const random = new Random(1);
  const noiseValues = new Float32Array(batch * actionCount);
  const step = (): void => {
    fillNoise("uniform", random, noiseValues);
    act.execute({ observation: data, noise: noiseValues });
  };
  const contenders = [inProcess("Uphill", step), await onnxContender("onnxruntime-node, actor alone", actorAlone)];
  return measure({ name: `batch ${batch}`, figure: microseconds, target, contenders }, settings);
}
