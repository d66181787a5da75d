import { compile, input, Store, webAssembly } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { fillNoise } from "@uphill/distributions";
import { cartPole, makeVectorEnvironment } from "@uphill/envs";
import type { Discrete, VectorEnvironment } from "@uphill/envs";
import { gaeAdvantages } from "@uphill/estimators";
import { actionCount, actorCritic, observationSize, ppoUpdate } from "../models/actor-critic.js";
import { hashOf } from "./hash.js";

/** What has to have the same bits in every engine. */
export interface Bits {
  /** Weights and moments after a short training by PPO, with the actions, rewards and values that led there. */
  readonly training: string;
  /** Elementary functions over all magnitudes. */
  readonly functions: string;
}

const [environments, steps, rollouts, epochs, minibatch] = [8, 32, 6, 4, 64];
const transitions = environments * steps;

/** Trains and computes with plain SIMD; what is given back are hashes of the results. */
export function sameBits(): Bits {
  return { training: trainedHash(), functions: functionsHash() };
}

function trainedHash(): string {
  const random = new Random(7);
  const programs = compilePrograms();
  const vector = makeVectorEnvironment(cartPole, environments);
  vector.reset({ seed: 11 });
  const seen: number[] = [];
  const [order, part] = [new Int32Array(transitions), emptyBatch(minibatch)];
  for (let i = 0; i < rollouts; i++) {
    const batch = rollout(programs, vector, random);
    seen.push(...batch.action, ...batch.valueTarget);
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (let k = 0; k < transitions; k++) order[k] = k;
      random.shuffle(order);
      for (let start = 0; start < transitions; start += minibatch) {
        gather(batch, order.subarray(start, start + minibatch), part);
        programs.learn.execute({ ...part, clipRange: 0.2 });
      }
    }
  }
  const { store } = programs;
  return hashOf([seen, ...store.variables().map((variable) => store.read(variable))]);
}

/** One number a transition, or a row of them. */
type Batch = Record<
  "observation" | "action" | "oldLogProbability" | "oldValue" | "advantage" | "valueTarget",
  Float32Array | Int32Array
>;

function emptyBatch(size: number): Batch {
  const numbers = (): Float32Array => new Float32Array(size);
  return {
    observation: new Float32Array(size * observationSize),
    action: new Int32Array(size),
    oldLogProbability: numbers(),
    oldValue: numbers(),
    advantage: numbers(),
    valueTarget: numbers(),
  };
}

/** The programs of a small PPO, on one store. */
function compilePrograms() {
  const where = { store: new Store(), backend: webAssembly({ deterministic: true }) };
  const model = actorCritic(64);
  const { observation, distribution, value } = model;
  const noise = input("noise", distribution.noise.shape);
  const { value: action, logProbability } = distribution.sampleWithLogProbability(noise);
  return {
    act: compile({ inputs: { observation, noise }, outputs: { action, logProbability, value }, ...where }),
    evaluate: compile({ inputs: { observation }, outputs: { value }, ...where }),
    learn: ppoUpdate(model, where),
    store: where.store,
  };
}
type Programs = ReturnType<typeof compilePrograms>;

/** Steps the environments, and adds advantages and value targets to what was seen. */
function rollout({ act, evaluate }: Programs, vector: VectorEnvironment<Discrete>, random: Random): Batch {
  const batch = emptyBatch(transitions);
  const [terminated, truncated] = [new Uint8Array(transitions), new Uint8Array(transitions)];
  const [rewards, nextValues] = [new Float64Array(transitions), new Float32Array(transitions)];
  const noise = new Float32Array(environments * actionCount);
  for (let t = 0; t < steps; t++) {
    const at = t * environments;
    fillNoise("uniform", random, noise);
    act.execute({ observation: vector.observations, noise });
    batch.observation.set(vector.observations, at * observationSize);
    batch.action.set(act.view("action"), at);
    batch.oldLogProbability.set(act.view("logProbability"), at);
    batch.oldValue.set(act.view("value"), at);
    vector.step(act.view("action") as Int32Array);
    rewards.set(vector.rewards, at);
    terminated.set(vector.terminated, at);
    truncated.set(vector.truncated, at);
    evaluate.execute({ observation: vector.observations });
    nextValues.set(evaluate.view("value"), at);
  }
  const traces = { rewards, terminated, truncated, values: batch.oldValue, nextValues };
  const advantages = gaeAdvantages({ ...traces, environments, gamma: 0.99, lambda: 0.95 });
  batch.advantage.set(advantages);
  for (let i = 0; i < transitions; i++) batch.valueTarget[i] = advantages[i] + batch.oldValue[i];
  return batch;
}

/** Copies transitions by their places. */
function gather(batch: Batch, places: Int32Array, into: Batch): void {
  for (const name of Object.keys(into) as (keyof Batch)[]) {
    const width = batch[name].length / transitions;
    places.forEach((from, to) => into[name].set(batch[name].subarray(from * width, (from + 1) * width), to * width));
  }
}

function functionsHash(): string {
  const x = input("x", ["n"]);
  const outputs: Record<string, Tensor> = {
    exp: x.exp(),
    log: x.abs().log(),
    tanh: x.tanh(),
    sigmoid: x.sigmoid(),
    softplus: x.softplus(),
    sin: x.sin(),
    cos: x.cos(),
    sqrt: x.abs().sqrt(),
    pow: x.abs().pow(0.3),
    gelu: x.gelu(),
    sum: x.tanh().sum(),
  };
  const program = compile({ inputs: { x }, outputs, backend: webAssembly({ deterministic: true }) });
  // Both signs of magnitudes from 2⁻⁶³ to 2⁶², where none of the functions gives a NaN, whose bits are open. They are
  // made as bits, since engines differ in their powers.
  const [first, step] = [0x20000000, 0x3e800000 / 2000];
  const bits = Uint32Array.from({ length: 4000 }, (_, i) => first + step * (i >> 1) + (i % 2) * 2 ** 31);
  const values = new Float32Array(bits.buffer);
  program.execute({ x: values });
  return hashOf(Object.keys(outputs).map((name) => program.view(name)));
}
