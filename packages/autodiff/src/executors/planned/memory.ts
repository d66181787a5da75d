import type { Variable } from "../../leaves.js";
import type { Extent, LinearMemory, Region } from "../../linear-memory.js";
import type { DType } from "../../shape.js";
import type { Store } from "../../store.js";
import type { Slot } from "./kernel.js";

/** A slot that takes values from outside, and grows. */
export interface GrowingSlot extends Slot {
  /** Makes room for this many numbers; what it held is lost if it has to grow. */
  reserve(count: number): void;
  /** Takes what is fed: a number, or as many numbers as are reserved. */
  feed(value: number | ArrayLike<number>): void;
  /** Whether what is fed lies here already, and would be detached where memory grows. */
  holds(value: number | ArrayLike<number>): boolean;
}

/** Where the tensors of a program live. */
export interface ProgramMemory {
  /** Memory for tensors of a dtype, in turn. */
  slot(dtype: DType): GrowingSlot;
  /** The store's own memory of a variable. */
  variable(variable: Variable): Slot;
}

/** A capacity that holds `count` and doubles, so that growing sizes seldom allocate. */
function grownCapacity(capacity: number, count: number): number {
  return capacity === 0 ? count : Math.max(count, 2 * capacity);
}

/** Tensors in typed arrays of their own. */
export class ArrayMemory implements ProgramMemory {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  slot(dtype: DType): GrowingSlot {
    return new ArraySlot(dtype);
  }

  variable(variable: Variable): Slot {
    const store = this.#store;
    return {
      address: 0,
      get data() {
        return store.view(variable);
      },
    };
  }
}

class ArraySlot implements GrowingSlot {
  readonly address = 0;
  readonly #create: (length: number) => Float32Array | Int32Array;
  #own: Float32Array | Int32Array;
  data: Float32Array | Int32Array;

  constructor(dtype: DType) {
    this.#create = (length) => (dtype === "int32" ? new Int32Array(length) : new Float32Array(length));
    this.#own = this.#create(0);
    this.data = this.#own;
  }

  reserve(count: number): void {
    if (count > this.#own.length) this.#own = this.#create(grownCapacity(this.#own.length, count));
    this.data = this.#own;
  }

  feed(value: number | ArrayLike<number>): void {
    if (typeof value !== "number" && value.constructor === this.#own.constructor) {
      // The caller's array, as it is: it is only read.
      this.data = value as Float32Array | Int32Array;
      return;
    }
    this.data = this.#own;
    if (typeof value === "number") this.#own[0] = value;
    else this.#own.set(value);
  }

  holds(): boolean {
    return false;
  }
}

/** Tensors in the store's linear memory, where WebAssembly reaches them. */
export class StoreMemory implements ProgramMemory {
  readonly #store: Store;
  readonly #memory: LinearMemory;
  readonly #extents: Set<Extent>;

  /**
   * @param store - A store that was moved into `memory`.
   * @param memory - Its memory.
   * @param extents - Collects what this program holds, so that it can be released when the program is gone.
   */
  constructor(store: Store, memory: LinearMemory, extents: Set<Extent>) {
    this.#store = store;
    this.#memory = memory;
    this.#extents = extents;
  }

  slot(dtype: DType): GrowingSlot {
    return new RegionSlot(this.#memory, dtype, this.#extents);
  }

  variable(variable: Variable): Slot {
    const store = this.#store;
    return {
      address: store.address(variable),
      get data() {
        return store.view(variable);
      },
    };
  }
}

class RegionSlot implements GrowingSlot {
  readonly #memory: LinearMemory;
  readonly #dtype: DType;
  readonly #extents: Set<Extent>;
  #region: Region;

  constructor(memory: LinearMemory, dtype: DType, extents: Set<Extent>) {
    this.#memory = memory;
    this.#dtype = dtype;
    this.#extents = extents;
    this.#region = memory.allocate(dtype, 0);
    extents.add(this.#region.extent);
  }

  get data(): Float32Array | Int32Array {
    return this.#region.data;
  }

  get address(): number {
    return this.#region.address;
  }

  reserve(count: number): void {
    if (count <= this.#region.capacity) return;
    const capacity = grownCapacity(this.#region.capacity, count);
    this.#memory.release(this.#region);
    this.#extents.delete(this.#region.extent);
    this.#region = this.#memory.allocate(this.#dtype, capacity);
    this.#extents.add(this.#region.extent);
  }

  feed(value: number | ArrayLike<number>): void {
    const { data } = this;
    if (typeof value === "number") data[0] = value;
    else if (!isAt(data, value)) data.set(value);
  }

  holds(value: number | ArrayLike<number>): boolean {
    return typeof value !== "number" && isAt(this.data, value);
  }
}

/** Whether the values are those that start where the data does. */
function isAt(data: Float32Array | Int32Array, values: ArrayLike<number>): boolean {
  return "buffer" in values && values.buffer === data.buffer && (values as Float32Array).byteOffset === data.byteOffset;
}
