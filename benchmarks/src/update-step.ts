import { integerParameter } from "./harness/benchmark.js";
import type { Benchmark, Settings } from "./harness/benchmark.js";
import { backendOf } from "./harness/backend.js";
import { inProcess } from "./harness/contender.js";
import { measure } from "./harness/measure.js";
import { onnxContender } from "./harness/onnx.js";
import { pythonContender } from "./harness/python.js";
import { microseconds } from "./harness/row.js";
import type { Row } from "./harness/row.js";
import { actorCritic, flatFeeds, minibatchFeeds, ppoGradients, ppoUpdate } from "./models/actor-critic.js";

/** By minibatch, for two hidden layers of 64. */
const targetsUs: Readonly<Record<number, number>> = { 64: 160, 256: 600 };

/** One PPO update of an actor and a critic. */
export const updateStep: Benchmark = {
  name: "update-step",
  summary: "a PPO update: loss with entropy, gradients, clipping, Adam; [WIDTH = 64] of both hidden layers",
  rounds: 30,
  run: async ([text], settings) => {
    const width = integerParameter("WIDTH", text, 64, 1);
    return [...(await measureMinibatch(width, 64, settings)), ...(await measureMinibatch(width, 256, settings))];
  },
};

async function measureMinibatch(width: number, minibatch: number, settings: Settings): Promise<Row[]> {
  const update = ppoUpdate(actorCritic(width), { backend: backendOf(settings) });
  const feeds = minibatchFeeds(minibatch);
  const flat = flatFeeds(feeds);
  const parameters = [width, minibatch];
  const work = {
    name: `4-${width}-${width}, minibatch ${minibatch}`,
    figure: microseconds,
    ...(width === 64 && { target: targetsUs[minibatch] }),
    contenders: [
      inProcess("Uphill", () => update.execute(flat)),
      await withoutAdam(width, feeds),
      pythonContender("PyTorch", { script: "update_step_torch.py", parameters }, settings),
      pythonContender("JAX", { script: "update_step_jax.py", parameters }, settings),
    ],
  };
  return measure(work, settings);
}

/** ONNX Runtime cannot update in place: it computes loss and gradients, with the weights as constants. */
async function withoutAdam(width: number, feeds: ReturnType<typeof minibatchFeeds>) {
  const { inputs, loss, gradients } = ppoGradients(actorCritic(width));
  const { oldValue: _, ...read } = inputs;
  const { oldValue: __, ...fed } = feeds;
  const outputs = { loss, ...Object.fromEntries(gradients.map((gradient, k) => [`gradient${k}`, gradient])) };
  return onnxContender("onnxruntime-node, without Adam", { inputs: read, outputs, feeds: fed });
}
