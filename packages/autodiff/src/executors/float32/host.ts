import { runHostOperation } from "../../primitives/host.js";
import type { HostArray, PrimitiveAttributes } from "../../primitives/primitive.js";
import { elementCount } from "../../shape.js";
import type { Bindings } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { lengthsOf } from "../planned/kernel.js";
import type { KernelMaker, Slot } from "../planned/kernel.js";

/** A tensor's memory as the function sees it: a view that is made again only when the memory has moved. */
class MemoryView implements HostArray {
  readonly #tensor: Tensor;
  readonly #slot: Slot;
  #memory: Slot["data"] | undefined;
  #data: Slot["data"];
  shape: readonly number[] = [];

  constructor(tensor: Tensor, slot: Slot) {
    this.#tensor = tensor;
    this.#slot = slot;
    this.#data = slot.data;
  }

  get data(): Slot["data"] {
    return this.#data;
  }

  bind(bindings: Bindings): void {
    this.shape = lengthsOf(this.#tensor, bindings);
    this.#memory = undefined;
  }

  /** Looks where the memory is now. */
  refresh(): void {
    const { data } = this.#slot;
    if (data === this.#memory) return;
    this.#memory = data;
    this.#data = data.subarray(0, elementCount(this.shape));
  }
}

/** Calls a JavaScript function on the memory of its operands. */
export const hostOperation: KernelMaker = (node, inputs, out) => {
  const { operation } = node.attributes as PrimitiveAttributes["hostOperation"];
  const reads = inputs.map(({ tensor, slot }) => new MemoryView(tensor, slot));
  const result = new MemoryView(node, out);
  const views = [...reads, result];
  return {
    bind: (bindings) => views.forEach((view) => view.bind(bindings)),
    run: () => {
      for (const view of views) view.refresh();
      runHostOperation(operation, reads, result);
    },
  };
};
