import { sac, td3 } from "@uphill/actor-critic";
import type { AnyBackend, Backend } from "@uphill/autodiff";
import { pendulum } from "@uphill/envs";
import { onnxRuntime } from "@uphill/onnx-runtime";
import { integerParameter } from "./harness/benchmark.js";
import type { Benchmark } from "./harness/benchmark.js";
import { backendOf } from "./harness/backend.js";
import { awaited } from "./harness/contender.js";
import type { Contender } from "./harness/contender.js";
import { measure } from "./harness/measure.js";
import { pythonContender } from "./harness/python.js";
import { updatesPerSecond } from "./harness/row.js";
import type { Row } from "./harness/row.js";
import { CapturedPrograms } from "./models/captured-programs.js";

const batch = 256;

/** By width and threads, in updates a second where a calibration product runs at 80 GFLOP/s. */
const targets: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  sac: { "256, 1": 125, "256, 2": 165, "64, 1": 600 },
  td3: { "256, 1": 165 },
};

/** One update of SAC and of TD3. */
export const offPolicyUpdate: Benchmark = {
  name: "off-policy-update",
  summary: "an update of SAC and TD3, Pendulum-v1's shapes, batch 256; [WIDTH = 256] of both hidden layers, [THREADS = 1]",
  rounds: 30,
  run: async ([widthText, threadsText], settings) => {
    const width = integerParameter("WIDTH", widthText, 256, 1);
    const threads = integerParameter("THREADS", threadsText, 1, 1);
    const options = { env: pendulum, seed: 1, hiddenWidths: [width, width], batchSize: batch, bufferCapacity: 1000 };
    const agents = {
      sac: new CapturedPrograms((backend: Backend) => void sac({ ...options, backend })),
      td3: new CapturedPrograms((backend: Backend) => void td3({ ...options, backend })),
    };
    const rows: Row[] = [];
    for (const [name, programs] of Object.entries(agents)) {
      const [work, target] = [`${name}, ${width}×${width}`, targets[name][`${width}, ${threads}`]];
      const native = updates("Uphill, ONNX Runtime", programs, onnxRuntime({ threads }));
      const portable = updates("Uphill, WebAssembly", programs, backendOf(settings));
      const peer = pythonContender("Stable-Baselines3", { script: "off_policy_sb3.py", parameters: [name, width] }, settings);
      const contenders = [...(width > 64 ? [native, portable] : [portable, native]), peer];
      rows.push(...(await measure({ name: work, figure: updatesPerSecond, ...(target && { target }), contenders }, settings)));
    }
    return rows;
  },
};

/** An agent's updates in turn: TD3 moves its policy at every second one. */
function updates(name: string, programs: CapturedPrograms, backend: AnyBackend): Contender {
  const { runs } = programs.on(backend, batch);
  let count = 0;
  return awaited(name, async () => runs[count++ % runs.length]());
}
