import type { DType } from "./shape.js";

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65_536;

/** Regions start at multiples of this many bytes, and vectors may overrun a region by less. */
const ALIGNMENT = 16;

/** A piece of linear memory, in bytes. */
export interface Extent {
  readonly address: number;
  readonly bytes: number;
}

/** Numbers in linear memory. */
export class Region {
  readonly #memory: LinearMemory;
  readonly #dtype: DType;
  /** What it takes of the memory. */
  readonly extent: Extent;
  /** How many numbers it has room for. */
  readonly capacity: number;
  #view: Float32Array | Int32Array | undefined;

  /** @internal Made by {@link LinearMemory.allocate}. */
  constructor(memory: LinearMemory, dtype: DType, extent: Extent, capacity: number) {
    this.#memory = memory;
    this.#dtype = dtype;
    this.extent = extent;
    this.capacity = capacity;
  }

  /** Where it starts, in bytes. */
  get address(): number {
    return this.extent.address;
  }

  /** The numbers. Growth of the memory detaches views, so take it anew for every run. */
  get data(): Float32Array | Int32Array {
    const { buffer } = this.#memory.memory;
    if (this.#view?.buffer === buffer) return this.#view;
    const type = this.#dtype === "int32" ? Int32Array : Float32Array;
    return (this.#view = new type(buffer, this.address, this.capacity));
  }
}

/** What of a memory is taken, without the memory. */
class Occupancy {
  // The first bytes stay unused, so that no region has address 0.
  #end = ALIGNMENT;
  readonly #free: { address: number; bytes: number }[] = [];

  /** Where everything ends that was ever taken. */
  get end(): number {
    return this.#end;
  }

  /** Takes bytes: the first that are free, or those after the end. */
  take(bytes: number): Extent {
    const index = this.#free.findIndex((hole) => hole.bytes >= bytes);
    if (index < 0) {
      this.#end += bytes;
      return { address: this.#end - bytes, bytes };
    }
    const hole = this.#free[index];
    const { address } = hole;
    hole.address += bytes;
    hole.bytes -= bytes;
    if (hole.bytes === 0) this.#free.splice(index, 1);
    return { address, bytes };
  }

  /** Gives bytes back. */
  release({ address, bytes }: Extent): void {
    this.#free.push({ address, bytes });
    this.#free.sort((a, b) => a.address - b.address);
    for (let i = this.#free.length - 1; i > 0; i--) {
      const [left, right] = [this.#free[i - 1], this.#free[i]];
      if (left.address + left.bytes !== right.address) continue;
      left.bytes += right.bytes;
      this.#free.splice(i, 1);
    }
  }
}

/**
 * What holders take of memories, given back once they are gone. It refers to bookkeeping alone, since what it refers to
 * stays until the event loop turns. There is one, which never goes: where a registry goes while it waits for its turn,
 * V8 calls no registry of the process again.
 */
const holders = new FinalizationRegistry<{ readonly occupancy: Occupancy; readonly extents: Iterable<Extent> }>(
  ({ occupancy, extents }) => {
    for (const extent of extents) occupancy.release(extent);
  },
);

/**
 * One WebAssembly memory, handed out in regions that are aligned for SIMD. Freed regions are used again.
 *
 * Regions are padded: a vector that starts inside one never reaches into the next.
 */
export class LinearMemory {
  /** What modules import. */
  readonly memory = new WebAssembly.Memory({ initial: 1 });
  readonly #occupancy = new Occupancy();

  /** A region for `count` numbers of 4 bytes, all 0. */
  allocate(dtype: DType, count: number): Region {
    const extent = this.#occupancy.take(regionBytes(count));
    const missing = this.#occupancy.end - this.memory.buffer.byteLength;
    // Doubling keeps growth, which detaches every view, rare.
    if (missing > 0) this.memory.grow(Math.max(Math.ceil(missing / PAGE), this.memory.buffer.byteLength / PAGE));
    const region = new Region(this, dtype, extent, count);
    region.data.fill(0);
    return region;
  }

  /** Gives a region's bytes back. */
  release({ extent }: Region): void {
    this.#occupancy.release(extent);
  }

  /**
   * Gives bytes back once their holder is gone.
   *
   * @param extents - Of regions of this memory; it may change while the holder is there.
   */
  releaseWith(holder: object, extents: Iterable<Extent>): void {
    holders.register(holder, { occupancy: this.#occupancy, extents });
  }
}

function regionBytes(count: number): number {
  return (Math.ceil((4 * count) / ALIGNMENT) + 1) * ALIGNMENT;
}
