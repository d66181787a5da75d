import { concreteShape, elementCount, Variable } from "@uphill/autodiff";
import type { Bindings, Executable, NumericArray, Store, Tensor } from "@uphill/autodiff";
import { checkIndices } from "./index-uses.js";
import type { Numbers, ProductMemory, Products } from "./product-session.js";
import type { SplitProgram } from "./split-program.js";

type Feeds = ReadonlyMap<Tensor, number | ArrayLike<number>>;

/**
 * A program in its two parts: ONNX Runtime reads the weights in the store's memory and writes its results where the rest
 * reads them; the rest then gives the outputs and applies the updates, all at once.
 */
export class SplitExecutable implements Executable<Promise<boolean>> {
  readonly #split: SplitProgram;
  readonly #store: Store;
  readonly #products: Products;
  readonly #rest: Executable;
  /** What the last run was fed, kept while it waits. */
  readonly #fed = new Map<Tensor, Numbers>();
  #memory: ProductMemory | undefined;

  /** @param rest - The second part, prepared on the store. */
  constructor(split: SplitProgram, store: Store, products: Products, rest: Executable) {
    this.#split = split;
    this.#store = store;
    this.#products = products;
    this.#rest = rest;
  }

  execute(feeds: Feeds, bindings: Bindings): Promise<boolean> {
    for (const [tensor, value] of feeds) this.#keep(tensor, value);
    return this.#run(bindings);
  }

  view(output: string): NumericArray {
    return this.#rest.view(output);
  }

  /** Where what is fed is kept: what is written there and fed as it is needs no copy. */
  inputMemory(tensor: Tensor, bindings: Bindings): Numbers {
    return this.#memoryOf(tensor, elementCount(concreteShape(tensor.shape, bindings)));
  }

  async #run(bindings: Bindings): Promise<boolean> {
    const { results, indexUses } = this.#split;
    for (const use of indexUses) {
      const given = this.#given(use.indices);
      if (given !== undefined) checkIndices(use, given, bindings);
    }
    const memory = await this.#runProducts(bindings);
    const feeds = new Map<Tensor, Numbers>(this.#fed);
    for (const [name, tensor] of results) feeds.set(tensor, memory.results.get(name)!);
    for (const use of indexUses) {
      const computed = this.#given(use.indices) === undefined ? feeds.get(use.indices) : undefined;
      if (computed !== undefined) checkIndices(use, computed, bindings);
    }
    return this.#rest.execute(feeds, bindings);
  }

  /** Others may make memory grow while this waits: then it reads and writes it where it lies now, and nothing is lost. */
  async #runProducts(bindings: Bindings): Promise<ProductMemory> {
    for (;;) {
      const memory = this.#currentMemory(bindings);
      try {
        await this.#products.run(memory);
        if (this.#isCurrent(memory)) return memory;
      } catch (error) {
        if (this.#isCurrent(memory)) throw error;
      }
    }
  }

  #currentMemory(bindings: Bindings): ProductMemory {
    const last = this.#memory;
    if (last?.bindings === bindings && this.#isCurrent(last)) return last;
    const { sources, results } = this.#split;
    const written = [...results].map(([name, tensor]) => [name, this.#resultMemory(tensor, bindings)] as const);
    // Only now: making room for results may move variables.
    const read = [...sources].map(([name, leaf]) => [name, this.#given(leaf) ?? sizeOf(leaf, bindings)] as const);
    return (this.#memory = { bindings, sources: new Map(read), results: new Map(written) });
  }

  /** Whether variables and results still lie there. Where memory has grown, arrays on the old one have length 0. */
  #isCurrent({ bindings, sources, results }: ProductMemory): boolean {
    for (const [name, leaf] of this.#split.sources) {
      if (leaf instanceof Variable && this.#store.view(leaf) !== sources.get(name)) return false;
    }
    for (const [name, { shape }] of this.#split.results) {
      if (results.get(name)!.length !== elementCount(concreteShape(shape, bindings))) return false;
    }
    return true;
  }

  #resultMemory(tensor: Tensor, bindings: Bindings): Numbers {
    const own = this.#rest.inputMemory?.(tensor, bindings);
    if (own !== undefined && !(own instanceof Float64Array)) return own;
    return newNumbers(tensor, elementCount(concreteShape(tensor.shape, bindings)));
  }

  /** Copies what is fed, unless it lies there. */
  #keep(tensor: Tensor, value: number | ArrayLike<number>): void {
    const kept = this.#memoryOf(tensor, typeof value === "number" ? 1 : value.length);
    if (typeof value === "number") kept[0] = value;
    else if (value !== kept) kept.set(value);
  }

  /** The array of the run before where it has the length, else a new one. */
  #memoryOf(tensor: Tensor, length: number): Numbers {
    const kept = this.#fed.get(tensor);
    if (kept?.length === length) return kept;
    const made = newNumbers(tensor, length);
    this.#fed.set(tensor, made);
    return made;
  }

  /** Values that are known before the run, where they lie. */
  #given(leaf: Tensor): Numbers | undefined {
    if (leaf instanceof Variable) return this.#store.view(leaf);
    if (leaf.primitive === "constant") return Int32Array.from((leaf as Tensor<"constant">).attributes.values);
    return this.#fed.get(leaf);
  }
}

function newNumbers({ dtype }: Tensor, length: number): Numbers {
  return dtype === "int32" ? new Int32Array(length) : new Float32Array(length);
}

/** The value of a `size`: how many elements its dimensions span. */
function sizeOf(leaf: Tensor, bindings: Bindings): Float32Array {
  const { dimensions } = (leaf as Tensor<"size">).attributes;
  return Float32Array.of(elementCount(concreteShape(dimensions, bindings)));
}
