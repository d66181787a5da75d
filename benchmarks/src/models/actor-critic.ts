import { compile, grad, input } from "@uphill/autodiff";
import type { Backend, Program, Store, Tensor, Variable } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { categorical } from "@uphill/distributions";
import type { Categorical } from "@uphill/distributions";
import { adam, clipByGlobalNorm, mlp } from "@uphill/nn";
import { ppoLoss } from "@uphill/pg-algorithms";
import { normals } from "../harness/normals.js";
import type { ShapedFeed } from "../harness/onnx.js";

/** CartPole-v1's. */
export const observationSize = 4;
export const actionCount = 2;

/** Actor and critic, networks of their own with two hidden layers of tanh, as PPO trains them on CartPole-v1. */
export interface ActorCritic {
  readonly observation: Tensor;
  readonly distribution: Categorical;
  readonly value: Tensor;
  readonly parameters: readonly Variable[];
}

/** An actor `4-width-width-2` and a critic `4-width-width-1` on the input `observation`. */
export function actorCritic(width: number): ActorCritic {
  const random = new Random(0);
  const hidden = [width, width];
  const actor = mlp(random, { name: "policy", inputs: observationSize, hidden, outputs: actionCount, outputGain: 0.01 });
  const critic = mlp(random, { name: "value", inputs: observationSize, hidden, outputs: 1 });
  const observation = input("observation", ["batch", observationSize]);
  return {
    observation,
    distribution: categorical({ logits: actor.apply(observation) }),
    value: critic.apply(observation).reshape(["batch"]),
    parameters: [...actor.parameters, ...critic.parameters],
  };
}

/** PPO's loss with entropy and its gradients, clipped by their global norm. */
export function ppoGradients({ observation, distribution, value, parameters }: ActorCritic) {
  const action = input("action", ["batch"], "int32");
  const fed = {
    oldLogProbability: input("oldLogProbability", ["batch"]),
    advantage: input("advantage", ["batch"]),
    oldValue: input("oldValue", ["batch"]),
    valueTarget: input("valueTarget", ["batch"]),
    clipRange: input("clipRange", []),
  };
  const learned = { logProbability: distribution.logProbability(action), entropy: distribution.entropy(), value };
  const settings = { normalizeAdvantages: true, valueClipRange: null, entropyWeight: 0.01, valueWeight: 0.5 };
  const { loss } = ppoLoss({ ...fed, ...learned }, settings);
  const { gradients, norm } = clipByGlobalNorm(grad(loss, parameters), 0.5);
  return { inputs: { observation, action, ...fed }, loss, gradients, norm, parameters };
}

/** One PPO update as one program: loss with entropy, gradients, clipping of their norm, Adam. */
export function ppoUpdate(model: ActorCritic, where: { readonly backend: Backend; readonly store?: Store }): Program {
  const { inputs, loss, gradients, norm, parameters } = ppoGradients(model);
  return compile({
    inputs,
    outputs: { loss },
    updates: adam(parameters, gradients, { learningRate: 3e-4, epsilon: 1e-5, gradientNorm: norm }),
    ...where,
  });
}

/** A minibatch of random transitions. */
export function minibatchFeeds(size: number): Record<string, ShapedFeed> {
  const random = new Random(1);
  return {
    observation: { data: normals(1, size * observationSize), shape: [size, observationSize] },
    action: { data: Int32Array.from({ length: size }, () => random.integer(actionCount)), shape: [size] },
    oldLogProbability: { data: new Float32Array(size).fill(-Math.LN2), shape: [size] },
    advantage: { data: normals(2, size), shape: [size] },
    oldValue: { data: normals(3, size), shape: [size] },
    valueTarget: { data: normals(4, size), shape: [size] },
    clipRange: { data: Float32Array.of(0.2), shape: [] },
  };
}

/** Feeds as a program reads them fastest. */
export function flatFeeds(feeds: Readonly<Record<string, ShapedFeed>>): Record<string, Float32Array | Int32Array | number> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data, shape }]) => [name, shape.length === 0 ? data[0] : data]),
  );
}
