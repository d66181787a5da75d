import { OptionError, ShapeError } from "@uphill/core-math";
import type { Variable } from "./leaves.js";
import { formatShape, sameShape } from "./shape.js";
import type { Tensor } from "./tensor.js";

/** A variable's next value. */
export interface Update {
  readonly variable: Variable;
  readonly value: Tensor;
  /** If one element of a program's guards is not finite, its run applies none of its updates. */
  readonly onlyIfFinite?: Tensor;
}

/**
 * The update that sets a variable to a value when a run ends.
 *
 * @param variable - What to change.
 * @param value - Its next value, of the variable's shape and dtype; it may read the variable itself.
 * @param options - `onlyIfFinite`: a guard, such as the gradient's norm. Where it is NaN or infinite
 *   the run changes no variable at all, and reports so.
 * @throws ShapeError or OptionError if shape or dtype differ.
 */
export function assign(variable: Variable, value: Tensor, options: { readonly onlyIfFinite?: Tensor } = {}): Update {
  if (!sameShape(variable.shape, value.shape)) {
    throw new ShapeError(
      `update of "${variable.name}": expected shape ${formatShape(variable.shape)}, got ${formatShape(value.shape)}`,
    );
  }
  if (variable.dtype !== value.dtype) {
    throw new OptionError(`update of "${variable.name}": expected ${variable.dtype}, got ${value.dtype}`);
  }
  return { variable, value, ...options };
}
