import { compile, grad, input } from "@uphill/autodiff";
import type { Random } from "@uphill/core-math";
import type { Space, VectorEnvironment } from "@uphill/envs";
import { adam, globalNorm } from "@uphill/nn";
import type { Pace } from "../agent/abortable-pace.js";
import { divergenceError } from "../agent/divergence-error.js";
import { RunningMeans } from "../report/running-means.js";
import { Minibatches } from "../rollout/minibatches.js";
import type { Rollout } from "../rollout/rollout.js";
import type { ActorCritic } from "./rollout-collector.js";

/** How a value function is fitted to a rollout. */
export interface ValueFitSettings {
  readonly epochs: number;
  readonly learningRate: number;
  /** Shuffles. */
  readonly stream: Random;
  /** Environment steps before the iteration, for errors. */
  readonly steps: number;
  readonly pace: Pace;
}

/** The regression of a value function on a rollout's returns: Adam on E[(V(s) − R)²] over shuffled minibatches. */
export class ValueFit<A extends Space> {
  readonly #algorithm: string;
  readonly #program: ReturnType<typeof compileFit>;
  readonly #minibatches: Minibatches<A>;

  constructor(algorithm: string, model: ActorCritic<A>, environments: VectorEnvironment<A>, minibatchSize: number) {
    this.#algorithm = algorithm;
    this.#program = compileFit(model);
    this.#minibatches = new Minibatches(environments, minibatchSize);
  }

  /**
   * @returns The mean loss over the minibatches, each before its update.
   * @throws NumericalError where a loss or its gradient is not finite; that update is not applied.
   */
  async fit(rollout: Rollout<A>, { epochs, learningRate, stream, steps, pace }: ValueFitSettings): Promise<number> {
    const means = new RunningMeans(["valueLoss"]);
    const read = (name: "valueLoss" | "valueGradientNorm"): number => this.#program.scalar(name);
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const { observations, returns } of this.#minibatches.epoch(rollout, stream)) {
        await this.#program.execute({ observation: observations, valueTarget: returns, learningRate });
        if (!this.#program.updatesApplied) {
          throw divergenceError(this.#algorithm, ["valueLoss", "valueGradientNorm"], read, steps);
        }
        means.add(read);
        if (pace.due) await pace.turn();
      }
    }
    return means.values().valueLoss;
  }
}

function compileFit({ policy, valueParameters, value, backend }: ActorCritic) {
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const valueTarget = input("valueTarget", ["batch"]);
  const learningRate = input("learningRate", []);
  const valueLoss = value(observation).sub(valueTarget).square().mean();
  const gradients = grad(valueLoss, valueParameters);
  const gradientNorm = globalNorm(gradients);
  return compile({
    inputs: { observation, valueTarget, learningRate },
    outputs: { valueLoss, valueGradientNorm: gradientNorm },
    updates: adam(valueParameters, gradients, { learningRate, epsilon: 1e-5, gradientNorm }),
    store: policy.store,
    backend,
  });
}
