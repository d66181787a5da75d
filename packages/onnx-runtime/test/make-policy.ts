import { constant, Store, variable } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { categorical, diagonalNormal, multiCategorical } from "@uphill/distributions";
import type { Distribution } from "@uphill/distributions";
import type { Box, EnvironmentDefinition, Space } from "@uphill/envs";
import type { ExportablePolicy } from "../src/policy/exportable-policy.js";

/** What {@link makePolicy} varies. */
export interface PolicyOptions {
  readonly env: EnvironmentDefinition;
  readonly hidden: readonly number[];
  readonly activation?: "tanh" | "relu" | "gelu" | "softplus";
  readonly seed?: number;
  /** Standard deviation of the last layer's weights, times √inputs. */
  readonly outputGain?: number;
  /** Whether observations are normalised, with a clip at ±10. */
  readonly normalized?: boolean;
}

/** A policy of random weights, from nothing but tensor expressions: what a user's own policy may look like. */
export function makePolicy(options: PolicyOptions): ExportablePolicy<Distribution> {
  const { env, hidden, activation = "tanh", seed = 0, outputGain = 1, normalized = false } = options;
  const { observationSpace, actionSpace } = env.make();
  const random = new Random(seed).split("weights");
  const choices = countsOf(actionSpace);
  const outputs = choices?.reduce((sum, count) => sum + count, 0) ?? actionSpace.size;
  const widths = [observationSpace.size, ...hidden, outputs];
  const layers = widths.slice(1).map((width, layer) => {
    const gain = layer === hidden.length ? outputGain : Math.SQRT2;
    return dense(random, `layer${layer}`, widths[layer], width, gain);
  });
  const normalize = normalized ? normalization(random, observationSpace) : (x: Tensor) => x;
  const body = (observation: Tensor): Tensor =>
    layers.reduce((x, apply, layer) => (layer === hidden.length ? apply(x) : apply(x)[activation]()), normalize(observation));
  const logStandardDeviation = variable("logStandardDeviation", [outputs], -0.5);
  return {
    environmentId: env.id,
    algorithm: "none",
    observationSpace,
    actionSpace,
    store: new Store(),
    distribution(observation) {
      if (actionSpace.kind === "discrete") return categorical({ logits: body(observation) });
      if (choices !== undefined) return multiCategorical({ logits: body(observation), counts: choices });
      return diagonalNormal({ mean: body(observation), logStandardDeviation });
    },
    action: (distribution) =>
      actionSpace.kind === "box"
        ? distribution.mode().clip(constant(actionSpace.low), constant(actionSpace.high))
        : distribution.mode(),
  };
}

function countsOf(space: Space): readonly number[] | undefined {
  if (space.kind === "box") return undefined;
  return space.kind === "discrete" ? [space.n] : space.counts;
}

function dense(random: Random, name: string, inputs: number, outputs: number, gain: number) {
  const normals = (count: number, deviation: number) =>
    Float32Array.from({ length: count }, () => deviation * random.standardNormal());
  const weights = variable(`${name}/weights`, [inputs, outputs], normals(inputs * outputs, gain / Math.sqrt(inputs)));
  const bias = variable(`${name}/bias`, [outputs], normals(outputs, 0.1));
  return (x: Tensor): Tensor => x.matmul(weights).add(bias);
}

function normalization(random: Random, { size }: Box): (x: Tensor) => Tensor {
  const mean = variable("observation/mean", [size], Float32Array.from({ length: size }, () => random.uniform(-0.1, 0.1)));
  const deviation = variable("observation/deviation", [size], Float32Array.from({ length: size }, () => random.uniform(0.2, 2)));
  return (x) => x.sub(mean).div(deviation).clip(-10, 10);
}
