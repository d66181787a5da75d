import { assign, concat, grad, input, minimum, stopGradient, variable } from "@uphill/autodiff";
import type { Feeds, Tensor, Update, Variable } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { categorical, tanhNormal } from "@uphill/distributions";
import { adam, clipByGlobalNorm, mlp } from "@uphill/nn";
import type { Mlp } from "@uphill/nn";

/** An algorithm's update as `compile` takes it, with feeds for a number of rows. */
export interface UpdateProgram {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly updates: readonly Update[];
  feeds(rows: number, seed: number): Feeds<Readonly<Record<string, Tensor>>>;
}

/** PPO's: clipped surrogate over discrete actions, entropy, values, gradients clipped by their norm, Adam; tanh. */
export function ppoUpdate(width: number): UpdateProgram {
  const random = new Random(1);
  const shared = { inputs: 4, hidden: [width, width] };
  const actor = mlp(random, { ...shared, name: "policy", outputs: 3 });
  const critic = mlp(random, { ...shared, name: "value", outputs: 1 });
  const parameters = [...actor.parameters, ...critic.parameters];
  const inputs = {
    observation: input("observation", ["batch", 4]),
    action: input("action", ["batch"], "int32"),
    advantage: input("advantage", ["batch"]),
    oldLogProbability: input("oldLogProbability", ["batch"]),
    valueTarget: input("valueTarget", ["batch"]),
    learningRate: input("learningRate", []),
  };
  const distribution = categorical({ logits: actor.apply(inputs.observation) });
  const ratio = distribution.logProbability(inputs.action).sub(inputs.oldLogProbability).exp();
  const surrogate = minimum(ratio.mul(inputs.advantage), ratio.clip(0.8, 1.2).mul(inputs.advantage)).mean();
  const value = critic.apply(inputs.observation).reshape(["batch"]);
  const valueLoss = value.sub(inputs.valueTarget).square().mean();
  const loss = valueLoss.sub(surrogate).sub(distribution.entropy().mean().mul(0.01));
  const { gradients, norm } = clipByGlobalNorm(grad(loss, parameters), 0.5);
  return {
    inputs,
    outputs: { loss, norm, value },
    updates: adam(parameters, gradients, { learningRate: inputs.learningRate, gradientNorm: norm }),
    feeds: (rows, seed) => {
      const stream = new Random(seed);
      return {
        observation: normals(stream, 4 * rows),
        action: Int32Array.from({ length: rows }, () => stream.integer(3)),
        advantage: normals(stream, rows),
        oldLogProbability: new Float32Array(rows).fill(-1.1),
        valueTarget: normals(stream, rows),
        learningRate: 3e-4,
      };
    },
  };
}

/** The networks and inputs that SAC and TD3 share: Pendulum-v1's shapes, ReLU. */
function offPolicy(width: number, actorOutputs: number) {
  const random = new Random(2);
  const network = (name: string, inputs: number, outputs: number): Mlp =>
    mlp(random, { name, inputs, hidden: [width, width], outputs, activation: "relu" });
  return {
    network,
    actor: network("actor", 3, actorOutputs),
    critics: [network("critic0", 4, 1), network("critic1", 4, 1)],
    targets: [network("target0", 4, 1), network("target1", 4, 1)],
    inputs: {
      observation: input("observation", ["batch", 3]),
      action: input("action", ["batch", 1]),
      reward: input("reward", ["batch"]),
      nextObservation: input("nextObservation", ["batch", 3]),
      terminated: input("terminated", ["batch"]),
      noise: input("noise", ["batch", 1]),
      nextNoise: input("nextNoise", ["batch", 1]),
      learningRate: input("learningRate", []),
    },
    feeds: (rows: number, seed: number) => {
      const stream = new Random(seed);
      return {
        observation: normals(stream, 3 * rows),
        action: normals(stream, rows).map((x) => Math.max(-1, Math.min(1, x))),
        reward: normals(stream, rows),
        nextObservation: normals(stream, 3 * rows),
        terminated: Float32Array.from({ length: rows }, () => stream.integer(2)),
        noise: normals(stream, rows),
        nextNoise: normals(stream, rows),
        learningRate: 3e-4,
      };
    },
  };
}

type OffPolicy = ReturnType<typeof offPolicy>;

/** SAC's: twin critics, tanh-normal actor and temperature by Adam, and soft target updates, in one program. */
export function sacUpdate(width: number): UpdateProgram {
  const model = offPolicy(width, 2);
  const { actor, critics, targets, inputs } = model;
  const logTemperature = variable("logTemperature", [], 0);
  const act = (observation: Tensor, noise: Tensor) => {
    const output = actor.apply(observation);
    const logStandardDeviation = output.slice(1, 1, 2).clip(-20, 2);
    return tanhNormal({ mean: output.slice(1, 0, 1), logStandardDeviation }).sampleWithLogProbability(noise);
  };
  const temperature = stopGradient(logTemperature.exp());
  const next = act(inputs.nextObservation, inputs.nextNoise);
  const soft = leastValue(targets, inputs.nextObservation, next.value).sub(next.logProbability.mul(temperature));
  const criticLoss = squaredErrors(model, soft);
  const now = act(inputs.observation, inputs.noise);
  const actorLoss = now.logProbability.mul(temperature).sub(leastValue(critics, inputs.observation, now.value)).mean();
  const temperatureLoss = logTemperature.mul(stopGradient(now.logProbability.sub(1).mean())).neg();
  return {
    inputs,
    outputs: { criticLoss, actorLoss, entropy: now.logProbability.neg().mean() },
    updates: [
      ...criticUpdates(model, criticLoss),
      ...step("actorAdam", actor.parameters, actorLoss, inputs.learningRate),
      ...step("temperatureAdam", [logTemperature], temperatureLoss, inputs.learningRate),
    ],
    feeds: model.feeds,
  };
}

/** TD3's on the steps that move the policy: smoothed target actions, twin critics, and targets of all networks. */
export function td3Update(width: number): UpdateProgram {
  const model = offPolicy(width, 1);
  const { actor, critics, targets, inputs } = model;
  const target = model.network("targetActor", 3, 1);
  const smoothing = inputs.nextNoise.mul(0.2).clip(-0.5, 0.5);
  const nextAction = target.apply(inputs.nextObservation).tanh().add(smoothing).clip(-1, 1);
  const criticLoss = squaredErrors(model, leastValue(targets, inputs.nextObservation, nextAction));
  const [value] = valuesOf([critics[0]], inputs.observation, actor.apply(inputs.observation).tanh());
  const actorLoss = value.mean().neg();
  const actorUpdates = step("actorAdam", actor.parameters, actorLoss, inputs.learningRate);
  const { noise, ...read } = inputs;
  return {
    inputs: read,
    outputs: { criticLoss, actorLoss },
    updates: [...criticUpdates(model, criticLoss), ...actorUpdates, ...follow([target], [actor], actorUpdates)],
    feeds: (rows, seed) => {
      const { noise: _, ...fed } = model.feeds(rows, seed);
      return fed;
    },
  };
}

function criticUpdates({ critics, targets, inputs }: OffPolicy, loss: Tensor): Update[] {
  const parameters = critics.flatMap((critic) => critic.parameters);
  const updates = step("criticAdam", parameters, loss, inputs.learningRate);
  return [...updates, ...follow(targets, critics, updates)];
}

/** E[(Q(s, a) − y)²] / 2 of both critics, with y = r + 0.99 · next where the episode goes on. */
function squaredErrors({ critics, inputs }: OffPolicy, next: Tensor): Tensor {
  const target = stopGradient(inputs.reward.add(next.mul(inputs.terminated.neg().add(1)).mul(0.99)));
  const losses = valuesOf(critics, inputs.observation, inputs.action).map((q) => q.sub(target).square().mean().mul(0.5));
  return losses[0].add(losses[1]);
}

function leastValue(networks: readonly Mlp[], observation: Tensor, action: Tensor): Tensor {
  const [a, b] = valuesOf(networks, observation, action);
  return minimum(a, b);
}

function valuesOf(networks: readonly Mlp[], observation: Tensor, action: Tensor): Tensor[] {
  const pair = concat([observation, action], 1);
  return networks.map((network) => network.apply(pair).reshape(["batch"]));
}

function step(name: string, parameters: readonly Variable[], loss: Tensor, learningRate: Tensor): Update[] {
  return adam(parameters, grad(loss, parameters), { name, learningRate });
}

/** Targets that move by 1/200 towards what the networks become. */
function follow(targets: readonly Mlp[], networks: readonly Mlp[], updates: readonly Update[]): Update[] {
  const next = new Map(updates.map(({ variable: moved, value }) => [moved, value]));
  const parameters = networks.flatMap((network) => network.parameters);
  return targets
    .flatMap((target) => target.parameters)
    .map((target, k) => assign(target, next.get(parameters[k])!.sub(target).mul(0.005).add(target)));
}

function normals(stream: Random, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => stream.standardNormal());
}
