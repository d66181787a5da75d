import { assign, concat, constant, formatShape, sameShape, Tensor, variable, Variable } from "@uphill/autodiff";
import type { Update } from "@uphill/autodiff";
import { expectation, OptionError, requireNumber, requireObject, requireString, ShapeError } from "@uphill/core-math";
import { globalNorm } from "../gradient-norm.js";
import type { OptimizerOptions } from "../optimizer-options.js";
import { requireFloatTensor, requireScalar } from "./require-tensor.js";

/** One parameter in an optimiser's step. */
interface Slot {
  readonly parameter: Variable;
  readonly gradient: Tensor;
  /** A variable of the parameter's shape that starts at 0, named `${optimizer}/${parameter}/${name}`. */
  state(name: string): Variable;
}

/** What all optimisers share, checked. */
interface Preparation {
  readonly slots: readonly Slot[];
  readonly learningRate: Tensor;
  /** A scalar variable that starts at 0, named `${optimizer}/${name}`. */
  state(name: string): Variable;
  /** A guarded assignment. */
  set(variable: Variable, value: Tensor): Update;
}

/** Checks what every optimiser is given, and makes the guard of its updates. */
export function prepare(
  kind: string,
  parameters: readonly Variable[],
  gradients: readonly Tensor[],
  options: OptimizerOptions,
): Preparation {
  requireObject(`${kind} options`, options);
  const name = requireString(`${kind} name`, options.name ?? kind);
  requirePairs(kind, parameters, gradients);
  const { learningRate: rate, gradientNorm } = options;
  const learningRate =
    rate instanceof Tensor
      ? requireScalar(`${kind} learningRate`, rate)
      : constant(requireNumber(`${kind} learningRate`, rate, { least: 0 }));
  const norm = gradientNorm === undefined ? globalNorm(gradients) : requireScalar(`${kind} gradientNorm`, gradientNorm);
  const guard = rate instanceof Tensor ? concat([norm.reshape([1]), rate.reshape([1])], 0) : norm;
  return {
    slots: parameters.map((parameter, index) => ({
      parameter,
      gradient: gradients[index],
      state: (moment) => variable(`${name}/${parameter.name}/${moment}`, parameter.shape, 0),
    })),
    learningRate,
    state: (scalar) => variable(`${name}/${scalar}`, [], 0),
    set: (target, value) => assign(target, value, { onlyIfFinite: guard }),
  };
}

function requirePairs(kind: string, parameters: readonly Variable[], gradients: readonly Tensor[]): void {
  if (!Array.isArray(parameters) || parameters.length === 0) {
    throw new OptionError(expectation(`${kind} parameters`, "a list of at least one variable", parameters));
  }
  if (!Array.isArray(gradients) || gradients.length !== parameters.length) {
    throw new OptionError(expectation(`${kind} gradients`, `a list of ${parameters.length} tensors`, gradients));
  }
  parameters.forEach((parameter: unknown, index) => {
    if (!(parameter instanceof Variable)) {
      throw new OptionError(expectation(`${kind} parameters[${index}]`, "a variable", parameter));
    }
    requireFloatTensor(`${kind} parameters[${index}]`, parameter);
    const { shape } = requireFloatTensor(`${kind} gradients[${index}]`, gradients[index]);
    if (!sameShape(shape, parameter.shape)) {
      throw new ShapeError(
        `${kind} gradients[${index}]: expected shape ${formatShape(parameter.shape)} of "${parameter.name}", got ${formatShape(shape)}`,
      );
    }
  });
}
