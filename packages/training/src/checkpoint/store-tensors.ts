import type { Store } from "@uphill/autodiff";
import { FormatError } from "@uphill/core-math";
import type { TensorData } from "../safetensors/dtypes.js";

/** Copies of all variables of a store, by name: what a checkpoint holds of it. */
export function storeTensors(store: Store): Record<string, TensorData> {
  return Object.fromEntries(
    store.variables().map((variable) => [variable.name, { shape: variable.shape, data: store.read(variable) }]),
  );
}

/**
 * Sets all variables of a store to tensors of their names.
 *
 * @throws FormatError where one is missing, left over, or of another shape or type; then nothing has changed.
 */
export function loadStoreTensors(store: Store, tensors: Readonly<Record<string, TensorData>>): void {
  const variables = store.variables();
  for (const variable of variables) {
    const tensor = tensors[variable.name];
    if (tensor === undefined) throw new FormatError(`checkpoint: expected a tensor ${variable.name}, got none`);
    const sameType = tensor.data.constructor === store.view(variable).constructor;
    if (!sameType || tensor.shape.join() !== variable.shape.join()) {
      throw new FormatError(
        `checkpoint: expected ${variable.name} as ${variable.dtype} [${variable.shape.join(", ")}], ` +
          `got ${tensor.data.constructor.name} [${tensor.shape.join(", ")}]`,
      );
    }
  }
  const extra = Object.keys(tensors).find((name) => store.find(name) === undefined);
  if (extra !== undefined) throw new FormatError(`checkpoint: expected only tensors of the agent, got ${extra} too`);
  for (const variable of variables) store.write(variable, tensors[variable.name].data as ArrayLike<number>);
}
