import { input, Store } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { box, discrete } from "@uphill/envs";
import { Policy, policyNetwork } from "@uphill/training";
import type { Rollout } from "@uphill/training";
import { expect, test } from "vitest";
import { ScoreNorms } from "./score-norms.js";

const observationSpace = box({ low: -2, high: 2, shape: [2] });
const actionSpace = discrete(3);
const network = policyNetwork(new Random(1), { observationSpace, actionSpace, hiddenWidths: [], activation: "tanh" });
const { distribution, parameters: policyParameters } = network;
const names = { environmentId: "None-v0", algorithm: "none" };
const policy = new Policy({ ...names, observationSpace, actionSpace, store: new Store(), distribution });
const norms = new ScoreNorms({ policy, policyParameters, valueParameters: [], value: () => input("none", []) });
const pace = { due: false, turn: async () => {} };

/** ‖e_a − p‖ √(‖x‖² + 1): what a softmax of x W + b has for its kernel and its bias. */
function normOf(x: readonly number[], action: number): number {
  const [kernel, bias] = policyParameters.map(({ initial }) => [...initial]);
  const logits = [0, 1, 2].map((a) => x[0] * kernel[a] + x[1] * kernel[3 + a] + bias[a]);
  const exponentials = logits.map(Math.exp);
  const total = exponentials.reduce((sum, e) => sum + e, 0);
  const difference = exponentials.map((e, a) => (a === action ? 1 : 0) - e / total);
  return Math.sqrt(difference.reduce((sum, d) => sum + d * d, 0) * (x[0] ** 2 + x[1] ** 2 + 1));
}

test("the norm of each marked step's own score, 0 at the others", async () => {
  const random = new Random(2);
  for (let trial = 0; trial < 30; trial++) {
    const rows = Array.from({ length: 1 + random.integer(6) }, () => ({
      x: [random.uniform(-2, 2), random.uniform(-2, 2)].map(Math.fround),
      action: random.integer(3),
      mark: random.integer(2),
    }));
    const rollout = {
      observations: Float32Array.from(rows.flatMap(({ x }) => x)),
      actions: Int32Array.from(rows, ({ action }) => action),
    } as Rollout;
    const found = await norms.perStep(rollout, Uint8Array.from(rows, ({ mark }) => mark), pace);
    rows.forEach(({ x, action, mark }, i) => {
      const expected = mark * normOf(x, action);
      expect(Math.abs(found[i] - expected)).toBeLessThanOrEqual(1e-5 * expected);
    });
  }
});
