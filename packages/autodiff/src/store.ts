import { OptionError, ShapeError } from "@uphill/core-math";
import type { Variable } from "./leaves.js";

/** The values of a variable: float32 or int32, row-major. */
export type VariableValues = Float32Array | Int32Array;

/**
 * The owner of state: the current values of variables.
 *
 * Programs that are compiled on one store share its memory, so that rollout, update and evaluation
 * see the same weights without copying. {@link Store.copy} is the explicit way to a snapshot.
 */
export class Store {
  readonly #values = new Map<Variable, VariableValues>();
  readonly #byName = new Map<string, Variable>();

  /**
   * Takes a variable in, with its initial value; one that is already here keeps its current value.
   *
   * @throws OptionError if another variable has the same name.
   */
  adopt(variable: Variable): void {
    if (this.#values.has(variable)) return;
    if (this.#byName.has(variable.name)) {
      throw new OptionError(`variable "${variable.name}": expected a name that is unique in the store, got a second one`);
    }
    this.#byName.set(variable.name, variable);
    this.#values.set(variable, variable.initial.slice());
  }

  /** Whether the variable is here. */
  has(variable: Variable): boolean {
    return this.#values.has(variable);
  }

  /** The variable of a name, or undefined. */
  find(name: string): Variable | undefined {
    return this.#byName.get(name);
  }

  /** All variables, in the order of their adoption. */
  variables(): Variable[] {
    return [...this.#values.keys()];
  }

  /** A copy of the variable's values, row-major. @throws OptionError if the store does not hold it. */
  read(variable: Variable): VariableValues {
    return this.view(variable).slice();
  }

  /** The live values, valid until the next run; writing to them changes the variable. */
  view(variable: Variable): VariableValues {
    const values = this.#values.get(variable);
    if (values === undefined) {
      throw new OptionError(`variable "${variable.name}": expected a variable of this store, got a foreign one`);
    }
    return values;
  }

  /**
   * Overwrites the variable's values.
   *
   * @throws ShapeError if the number of values is wrong; OptionError if the store does not hold the variable.
   */
  write(variable: Variable, values: ArrayLike<number>): void {
    const view = this.view(variable);
    if (values.length !== view.length) {
      throw new ShapeError(`variable "${variable.name}": expected ${view.length} values, got ${values.length}`);
    }
    view.set(values);
  }

  /** A store of its own with the same variables and values. */
  copy(): Store {
    const copy = new Store();
    for (const [variable, values] of this.#values) {
      copy.adopt(variable);
      copy.write(variable, values);
    }
    return copy;
  }

  /** Overwrites the values of all variables that both stores hold with those of `other`. */
  assign(other: Store): void {
    for (const [variable, values] of this.#values) {
      if (other.has(variable)) values.set(other.view(variable));
    }
  }
}
