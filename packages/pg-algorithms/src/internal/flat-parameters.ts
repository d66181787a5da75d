import { concat, input } from "@uphill/autodiff";
import type { Store, Tensor, Variable } from "@uphill/autodiff";

/** Parameters of a store as one vector: for solvers, which take and give vectors. */
export class FlatParameters {
  /** How many numbers they are together. */
  readonly length: number;
  readonly #store: Store;
  readonly #variables: readonly Variable[];

  constructor(store: Store, variables: readonly Variable[]) {
    this.#store = store;
    this.#variables = variables;
    this.length = variables.reduce((sum, { initial }) => sum + initial.length, 0);
  }

  /** A copy of their values, float64 [length]. */
  read(): Float64Array {
    const values = new Float64Array(this.length);
    this.#forEach((variable, start) => values.set(this.#store.view(variable), start));
    return values;
  }

  /** Overwrites them, rounded to float32. */
  write(values: Float64Array): void {
    this.#forEach((variable, start, end) => this.#store.write(variable, values.subarray(start, end)));
  }

  /** One tensor for each of them as one vector, `[length]`. */
  joined(tensors: readonly Tensor[]): Tensor {
    return concat(tensors.map((tensor, index) => tensor.reshape([this.#variables[index].initial.length])), 0);
  }

  /** An input `[length]`, and its parts in the parameters' shapes. */
  input(name: string): { readonly vector: Tensor; readonly parts: readonly Tensor[] } {
    const vector = input(name, [this.length]);
    const parts: Tensor[] = [];
    this.#forEach(({ shape }, start, end) => parts.push(vector.slice(0, start, end).reshape(shape)));
    return { vector, parts };
  }

  #forEach(visit: (variable: Variable, start: number, end: number) => void): void {
    let start = 0;
    for (const variable of this.#variables) {
      visit(variable, start, start + variable.initial.length);
      start += variable.initial.length;
    }
  }
}
