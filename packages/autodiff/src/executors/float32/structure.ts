import type { PrimitiveAttributes } from "../../primitives/primitive.js";
import { elementCount, stridesOf } from "../../shape.js";
import type { Bindings } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import type { Kernel, KernelMaker, Operand, Slot } from "../planned/kernel.js";
import { lengthsOf } from "../planned/kernel.js";
import { planWalk } from "./walk.js";
import type { Walk } from "./walk.js";

/** One copy between strided views: `shape` elements, from `source` at an offset to `target` at an offset. */
interface Move {
  readonly shape: readonly number[];
  readonly targetStrides: readonly number[];
  readonly targetOffset: number;
  readonly sourceStrides: readonly number[];
  readonly sourceOffset: number;
}

function moving(target: Slot, source: Slot, plan: (bindings: Bindings) => Move): Kernel {
  let walk: Walk;
  let move: Move;
  return {
    bind: (bindings) => {
      move = plan(bindings);
      walk = planWalk(move.shape, [move.targetStrides, move.sourceStrides]);
    },
    run: () => {
      const { rows, columns, bases, rowStrides, columnStrides } = walk;
      const [to, from] = [target.data, source.data];
      const [dk, di] = [columnStrides[0], columnStrides[1]];
      for (let block = 0; block < bases.length; block += 2) {
        for (let row = 0; row < rows; row++) {
          let k = move.targetOffset + bases[block] + row * rowStrides[0];
          let i = move.sourceOffset + bases[block + 1] + row * rowStrides[1];
          for (let column = 0; column < columns; column++, k += dk, i += di) to[k] = from[i];
        }
      }
    },
  };
}

/** Every element of the result, from where it is in the source. */
function taking(
  node: Tensor,
  x: Operand,
  out: Slot,
  from: (strides: readonly number[]) => Pick<Move, "sourceStrides" | "sourceOffset">,
): Kernel {
  return moving(out, x.slot, (bindings) => {
    const shape = lengthsOf(node, bindings);
    return { shape, targetStrides: stridesOf(shape), targetOffset: 0, ...from(stridesOf(lengthsOf(x.tensor, bindings))) };
  });
}

const transpose: KernelMaker = (node, [x], out) => {
  const { permutation } = node.attributes as PrimitiveAttributes["transpose"];
  return taking(node, x, out, (strides) => ({ sourceStrides: permutation.map((axis) => strides[axis]), sourceOffset: 0 }));
};

const slice: KernelMaker = (node, [x], out) => {
  const { axis, start } = node.attributes as PrimitiveAttributes["slice"];
  return taking(node, x, out, (strides) => ({ sourceStrides: strides, sourceOffset: start * strides[axis] }));
};

/** Puts a tensor into a larger one, `before` elements into an axis. */
function place(part: Tensor, source: Slot, whole: Tensor, target: Slot, axis: number, before: number): Kernel {
  return moving(target, source, (bindings) => {
    const shape = lengthsOf(part, bindings);
    const strides = stridesOf(lengthsOf(whole, bindings));
    return {
      shape,
      targetStrides: strides,
      targetOffset: before * strides[axis],
      sourceStrides: stridesOf(shape),
      sourceOffset: 0,
    };
  });
}

const pad: KernelMaker = (node, [x], out) => {
  const { axis, before } = node.attributes as PrimitiveAttributes["pad"];
  const placed = place(x.tensor, x.slot, node, out, axis, before);
  let length = 0;
  return {
    bind: (bindings) => {
      length = elementCount(lengthsOf(node, bindings));
      placed.bind(bindings);
    },
    run: () => {
      out.data.fill(0, 0, length);
      placed.run();
    },
  };
};

const concat: KernelMaker = (node, inputs, out) => {
  const { axis } = node.attributes as PrimitiveAttributes["concat"];
  let before = 0;
  const parts = inputs.map(({ tensor, slot }) => {
    const placed = place(tensor, slot, node, out, axis, before);
    before += tensor.shape[axis] as number;
    return placed;
  });
  return {
    bind: (bindings) => parts.forEach((part) => part.bind(bindings)),
    run: () => parts.forEach((part) => part.run()),
  };
};

const size: KernelMaker = (node, _, out) => {
  const { dimensions } = node.attributes as PrimitiveAttributes["size"];
  let value = 0;
  return {
    bind: (bindings) => {
      value = 1;
      for (const d of dimensions) value *= typeof d === "number" ? d : bindings.get(d)!;
    },
    run: () => void (out.data[0] = value),
  };
};

/** Kernels of the primitives that move elements. */
export const structureKernels = { transpose, slice, pad, concat, size };
