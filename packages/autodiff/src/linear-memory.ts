import type { DType } from "./shape.js";

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65_536;

/** Regions start at multiples of this many bytes, and vectors may overrun a region by less. */
const ALIGNMENT = 16;

/** Numbers in linear memory. */
export class Region {
  readonly #memory: LinearMemory;
  readonly #dtype: DType;
  /** Where it starts, in bytes. */
  readonly address: number;
  /** How many numbers it has room for. */
  readonly capacity: number;
  #view: Float32Array | Int32Array | undefined;

  /** @internal Made by {@link LinearMemory.allocate}. */
  constructor(memory: LinearMemory, dtype: DType, address: number, capacity: number) {
    this.#memory = memory;
    this.#dtype = dtype;
    this.address = address;
    this.capacity = capacity;
  }

  /** The numbers. Growth of the memory detaches views, so take it anew for every run. */
  get data(): Float32Array | Int32Array {
    const { buffer } = this.#memory.memory;
    if (this.#view?.buffer === buffer) return this.#view;
    const type = this.#dtype === "int32" ? Int32Array : Float32Array;
    return (this.#view = new type(buffer, this.address, this.capacity));
  }
}

/**
 * One WebAssembly memory, handed out in regions that are aligned for SIMD. Freed regions are used again.
 *
 * Regions are padded: a vector that starts inside one never reaches into the next.
 */
export class LinearMemory {
  /** What modules import. */
  readonly memory = new WebAssembly.Memory({ initial: 1 });
  // The first bytes stay unused, so that no region has address 0.
  #end = ALIGNMENT;
  readonly #free: { address: number; bytes: number }[] = [];
  // One a memory: a registry that all shared would keep every memory until the event loop turns.
  readonly #holders = new FinalizationRegistry<Iterable<Region>>((regions) => {
    for (const region of regions) this.release(region);
  });

  /** A region for `count` numbers of 4 bytes, all 0. */
  allocate(dtype: DType, count: number): Region {
    const bytes = regionBytes(count);
    const found = this.#free.findIndex((hole) => hole.bytes >= bytes);
    const address = found < 0 ? this.#extend(bytes) : this.#takeHole(found, bytes);
    const region = new Region(this, dtype, address, count);
    region.data.fill(0);
    return region;
  }

  /** Gives a region's bytes back. */
  release({ address, capacity }: Region): void {
    this.#free.push({ address, bytes: regionBytes(capacity) });
    this.#free.sort((a, b) => a.address - b.address);
    for (let i = this.#free.length - 1; i > 0; i--) {
      const [left, right] = [this.#free[i - 1], this.#free[i]];
      if (left.address + left.bytes !== right.address) continue;
      left.bytes += right.bytes;
      this.#free.splice(i, 1);
    }
  }

  /** Gives regions back once their holder is gone. */
  releaseWith(holder: object, regions: Iterable<Region>): void {
    this.#holders.register(holder, regions);
  }

  #extend(bytes: number): number {
    const address = this.#end;
    this.#end += bytes;
    const missing = this.#end - this.memory.buffer.byteLength;
    // Doubling keeps growth, which detaches every view, rare.
    if (missing > 0) this.memory.grow(Math.max(Math.ceil(missing / PAGE), this.memory.buffer.byteLength / PAGE));
    return address;
  }

  #takeHole(index: number, bytes: number): number {
    const hole = this.#free[index];
    const { address } = hole;
    hole.address += bytes;
    hole.bytes -= bytes;
    if (hole.bytes === 0) this.#free.splice(index, 1);
    return address;
  }
}

function regionBytes(count: number): number {
  return (Math.ceil((4 * count) / ALIGNMENT) + 1) * ALIGNMENT;
}
