import { compile, grad, input, Store } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { NumericalError, Random, requireInteger, requireNumber } from "@uphill/core-math";
import { adam, mlp } from "@uphill/nn";
import { EventLoopPacer, ObservationScaling } from "@uphill/training";
import type { NetworkOptions } from "@uphill/training";
import { requireKnown } from "../internal/require-known.js";
import { shuffledParts } from "../internal/shuffled-parts.js";
import { targetScale } from "../internal/target-scale.js";
import type { FittedFunction, Regression } from "./regression.js";

/** How {@link networkRegression} fits. */
export interface NetworkRegressionOptions extends Partial<Pick<NetworkOptions, "hiddenWidths" | "activation">> {
  /** Passes over the rows at each fit, at least 1. Default 20. */
  readonly epochs?: number;
  /** Rows in a step of Adam. Default 128. */
  readonly minibatchSize?: number;
  /** Adam's step size, which falls to 0 along a line in each fit. Default 1e-3. */
  readonly learningRate?: number;
  /** Fixes the weights that the first fit starts from, and the shuffles. Default 0. */
  readonly seed?: number;
}

const knownOptions: Readonly<Record<keyof NetworkRegressionOptions, true>> = {
  hiddenWidths: true,
  activation: true,
  epochs: true,
  minibatchSize: true,
  learningRate: true,
  seed: true,
};

/**
 * A multilayer perceptron fitted to squared errors by Adam. Each fit goes on from the weights of the one before. Rows are
 * normalised by mean and standard deviation of the first fit's, targets by those of each fit's own: their scale does not
 * matter.
 *
 * @param options - See {@link NetworkRegressionOptions}.
 * @returns A regression; what it fits has derivatives, and is an expression.
 * @throws OptionError for an option that is unknown or out of its range.
 */
export function networkRegression(options: NetworkRegressionOptions = {}): Regression {
  const { hiddenWidths: hidden = [64, 64], activation = "tanh" } = requireKnown("options", options, knownOptions);
  const epochs = requireInteger("epochs", options.epochs ?? 20, { least: 1 });
  const size = requireInteger("minibatchSize", options.minibatchSize ?? 128, { least: 1 });
  const learningRate = requireNumber("learningRate", options.learningRate ?? 1e-3, { above: 0 });
  const random = new Random(options.seed ?? 0);
  const shuffles = random.split("minibatches");
  const pacer = new EventLoopPacer();
  let network: { readonly width: number; readonly programs: ReturnType<typeof compileNetwork> } | undefined;
  return {
    async fit(inputs, targets, width) {
      if (network?.width !== width) {
        const body = mlp(random, { name: "q", inputs: width, hidden, outputs: 1, activation });
        network = { width, programs: compileNetwork(body, inputs, width) };
      }
      const { train, value, store } = network.programs;
      const { normalized, mean, deviation } = targetScale(targets);
      let left = epochs * Math.ceil(targets.length / size);
      const rate = learningRate / left;
      for (const [x, y] of shuffledParts(shuffles, { size, epochs }, [inputs, width], [normalized, 1])) {
        train.execute({ x, y, learningRate: rate * left-- });
        if (!train.updatesApplied) throw new NumericalError(`fitted Q: expected a finite loss, got ${train.scalar("loss")}`);
        if (pacer.due) await pacer.turn();
      }
      return fittedNetwork((rows) => value(rows).mul(deviation).add(mean), store.copy(), width);
    },
  };
}

function compileNetwork(body: ReturnType<typeof mlp>, inputs: Float32Array, width: number) {
  const store = new Store();
  const scaling = new ObservationScaling(width);
  scaling.update(inputs, store);
  const [x, y, learningRate] = [input("x", ["batch", width]), input("y", ["batch"]), input("learningRate", [])];
  const value = (rows: Tensor): Tensor => body.apply(scaling.apply(rows)).reshape(["batch"]);
  const loss = value(x).sub(y).square().mean();
  const updates = adam(body.parameters, grad(loss, body.parameters), { learningRate });
  return { store, value, train: compile({ inputs: { x, y, learningRate }, outputs: { loss }, updates, store }) };
}

/** The network as it is in a store of its own. */
function fittedNetwork(value: (rows: Tensor) => Tensor, store: Store, width: number): FittedFunction {
  const x = input("x", ["batch", width]);
  const values = value(x);
  const predict = compile({ inputs: { x }, outputs: { values }, store });
  const differentiate = compile({ inputs: { x }, outputs: { values, gradients: grad(values.sum(), [x])[0] }, store });
  return {
    expression: { store, value },
    predict(inputs) {
      predict.execute({ x: inputs });
      return Float64Array.from(predict.view("values"));
    },
    differentiate(inputs) {
      differentiate.execute({ x: inputs });
      return { values: Float64Array.from(differentiate.view("values")), gradients: Float64Array.from(differentiate.view("gradients")) };
    },
  };
}
