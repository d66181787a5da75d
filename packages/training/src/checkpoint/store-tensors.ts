import { formatShape, sameShape } from "@uphill/autodiff";
import type { Store, Variable } from "@uphill/autodiff";
import { describe, FormatError } from "@uphill/core-math";
import type { TensorData } from "../safetensors/dtypes.js";

/**
 * Copies of all variables of a store, by name: what a checkpoint holds of it.
 *
 * @param store - The store; not changed.
 * @returns Shape and values of each variable.
 */
export function storeTensors(store: Store): Record<string, TensorData> {
  return Object.fromEntries(
    store.variables().map((variable) => [variable.name, { shape: variable.shape, data: store.read(variable) }]),
  );
}

/**
 * Sets all variables of a store to the tensors of their names.
 *
 * @param store - The store; its programs see the new values.
 * @param tensors - What {@link storeTensors} gave, or a checkpoint's tensors; copied.
 * @throws FormatError where one is missing, left over, of another shape or type, or not finite; then nothing has changed.
 */
export function loadStoreTensors(store: Store, tensors: Readonly<Record<string, TensorData>>): void {
  const values = store.variables().map((variable) => [variable, valuesOf(variable, tensors)] as const);
  const extra = Object.keys(tensors).find((name) => store.find(name) === undefined);
  if (extra !== undefined) throw new FormatError(`checkpoint: expected only tensors of the agent, got ${extra} too`);
  for (const [variable, data] of values) store.write(variable, data);
}

/** A variable's tensor, if it is there and fits. */
function valuesOf(variable: Variable, tensors: Readonly<Record<string, TensorData>>): Float32Array | Int32Array {
  const { name, dtype, shape, initial } = variable;
  if (!Object.hasOwn(tensors, name)) throw new FormatError(`checkpoint: expected a tensor ${name}, got none`);
  const { data, shape: saved } = tensors[name];
  const type = dtype === "int32" ? Int32Array : Float32Array;
  if (!(data instanceof type) || data.length !== initial.length || !sameShape(saved, shape)) {
    throw new FormatError(
      `checkpoint: expected ${name} as ${dtype} ${formatShape(shape)}, got ${describe(data)} as ${formatShape(saved)}`,
    );
  }
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return data;
  throw new FormatError(`checkpoint: expected finite numbers in ${name}, got ${data[wrong]} at position ${wrong}`);
}
