import { OptionError, ShapeError, StateError } from "@uphill/core-math";
import type { Backend } from "./backend.js";
import type { Variable } from "./leaves.js";
import type { LinearMemory } from "./linear-memory.js";

/** The values of a variable: float32 or int32, row-major. */
export type VariableValues = Float32Array | Int32Array;

/**
 * The owner of state: the current values of variables.
 *
 * Programs that are compiled on one store share its memory, so that rollout, update and evaluation
 * see the same weights without copying. {@link Store.copy} is the explicit way to a snapshot.
 */
export class Store {
  /** What runs programs on this store, unless they name another. */
  readonly backend: Backend | undefined;
  readonly #values = new Map<Variable, Holder>();
  readonly #byName = new Map<string, Variable>();
  #memory: LinearMemory | undefined;

  /** @param options - `backend`: what runs programs on this store, unless they name another; WebAssembly by default. */
  constructor({ backend }: { readonly backend?: Backend } = {}) {
    this.backend = backend;
  }

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
    this.#values.set(variable, this.#hold(variable, variable.initial));
  }

  /**
   * Moves all values, and those of variables adopted later, into a linear memory that programs work on in place.
   *
   * @param memory - Makes the memory; called unless the store has one already.
   * @returns The store's memory.
   */
  moveInto(memory: () => LinearMemory): LinearMemory {
    if (this.#memory !== undefined) return this.#memory;
    this.#memory = memory();
    for (const [variable, { data }] of this.#values) this.#values.set(variable, this.#hold(variable, data));
    return this.#memory;
  }

  /** Where a variable's values start in the store's memory, in bytes. @throws as {@link view}; only after {@link moveInto}. */
  address(variable: Variable): number {
    const { address } = this.#holder(variable);
    if (address === undefined) throw new StateError("address: expected a store that was moved into a memory, got one in arrays");
    return address;
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
    return this.#holder(variable).data;
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

  /** A store of its own with the same variables, values and backend. */
  copy(): Store {
    const copy = new Store(this.backend && { backend: this.backend });
    for (const [variable, { data }] of this.#values) {
      copy.adopt(variable);
      copy.write(variable, data);
    }
    return copy;
  }

  /** Overwrites the values of all variables that both stores hold with those of `other`. */
  assign(other: Store): void {
    for (const [variable, { data }] of this.#values) {
      if (other.has(variable)) data.set(other.view(variable));
    }
  }

  #holder(variable: Variable): Holder {
    const holder = this.#values.get(variable);
    if (holder !== undefined) return holder;
    throw new OptionError(`variable "${variable.name}": expected a variable of this store, got a foreign one`);
  }

  #hold(variable: Variable, values: VariableValues): Holder {
    if (this.#memory === undefined) return { data: values.slice() };
    const region = this.#memory.allocate(variable.dtype, values.length);
    region.data.set(values);
    return region;
  }
}

/** Where a variable's values are: an array of their own, or a region of linear memory. */
interface Holder {
  readonly data: VariableValues;
  readonly address?: number;
}
