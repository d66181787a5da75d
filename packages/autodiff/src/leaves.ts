import { OptionError, ShapeError } from "@uphill/core-math";
import { validateShape } from "./shape.js";
import type { DType, Shape } from "./shape.js";
import { Tensor } from "./tensor.js";

/**
 * A value that is fed at each run.
 *
 * @param name - How feeds and errors call it.
 * @param shape - Its dimensions; a name such as `"batch"` takes its length from what is fed.
 * @param dtype - `"float32"` by default; `"int32"` for indices and masks.
 * @throws OptionError if the name is empty; ShapeError if the shape is not one.
 */
export function input(name: string, shape: Shape, dtype: DType = "float32"): Tensor {
  requireName("input", name);
  validateShape(`input "${name}"`, shape);
  return new Tensor("input", [], { shape, dtype }, name);
}

/**
 * A symbol for state with an initial value; a {@link Store} holds its current one.
 */
export class Variable extends Tensor<"variable"> {
  declare readonly name: string;
  declare readonly shape: readonly number[];

  /** Values, row-major, that a store starts from. */
  get initial(): Float32Array | Int32Array {
    return this.attributes.initial;
  }
}

/**
 * A variable: state that programs read and update, such as a weight matrix or a moment of Adam.
 *
 * @param name - Its name, unique within a store, such as `"policy/hidden0/kernel"`.
 * @param shape - Fixed lengths.
 * @param initial - Values in row-major order, or one value for all.
 * @throws OptionError if the name is empty; ShapeError if the shape and the number of values disagree.
 */
export function variable(
  name: string,
  shape: readonly number[],
  initial: number | ArrayLike<number>,
  dtype: DType = "float32",
): Variable {
  requireName("variable", name);
  validateShape(`variable "${name}"`, shape);
  if (shape.some((length) => typeof length !== "number")) {
    throw new ShapeError(`variable "${name}": expected fixed lengths, got [${shape.join(", ")}]`);
  }
  const count = shape.reduce((product, length) => product * length, 1);
  const values = dtype === "int32" ? new Int32Array(count) : new Float32Array(count);
  if (typeof initial === "number") values.fill(initial);
  else if (initial.length === count) values.set(initial);
  else {
    throw new ShapeError(
      `variable "${name}": expected ${count} values for shape [${shape.join(", ")}], got ${initial.length}`,
    );
  }
  return new Variable("variable", [], { shape, dtype, initial: values }, name);
}

function requireName(argument: string, name: string): void {
  if (typeof name !== "string" || name.length === 0) {
    throw new OptionError(`${argument} name: expected a text that is not empty, got ${JSON.stringify(name)}`);
  }
}
