import { exp, log } from "@uphill/core-math";
import type { PrimitiveAttributes } from "../../primitives/primitive.js";
import { broadcastStrides, elementCount } from "../../shape.js";
import type { KernelMaker } from "../planned/kernel.js";
import { lengthsOf } from "../planned/kernel.js";
import { planWalk } from "./walk.js";
import type { Walk } from "./walk.js";

/**
 * A reduction over any axes: the output is walked once, and for each of its elements the reduced axes.
 * Sums accumulate in float64 and round once.
 */
function axisReduction(initial: number, combine: "sum" | "max"): KernelMaker {
  return (node, [x], out) => {
    const { axes } = node.attributes as PrimitiveAttributes["sum"];
    let kept: Walk;
    let reduced: Walk;
    return {
      bind: (bindings) => {
        const shape = lengthsOf(x.tensor, bindings);
        const strides = broadcastStrides(shape, shape);
        const pick = (inside: boolean) => shape.map((length, axis) => (axes.includes(axis) === inside ? length : 1));
        kept = planWalk(pick(false), [strides]);
        reduced = planWalk(pick(true), [strides]);
      },
      run: () => {
        const [source, target] = [x.slot.data, out.data];
        let k = 0;
        for (const base of kept.bases) {
          for (let row = 0; row < kept.rows; row++) {
            for (let column = 0; column < kept.columns; column++) {
              const start = base + row * kept.rowStrides[0] + column * kept.columnStrides[0];
              target[k++] = combine === "sum" ? sumWalk(source, start, reduced) : maxWalk(source, start, reduced, initial);
            }
          }
        }
      },
    };
  };
}

function sumWalk(source: Float32Array | Int32Array, start: number, walk: Walk): number {
  const { rows, columns, bases } = walk;
  const [rowStride, columnStride] = [walk.rowStrides[0], walk.columnStrides[0]];
  let sum = 0;
  for (let block = 0; block < bases.length; block++) {
    for (let row = 0; row < rows; row++) {
      let i = start + bases[block] + row * rowStride;
      for (let column = 0; column < columns; column++, i += columnStride) sum += source[i];
    }
  }
  return sum;
}

function maxWalk(source: Float32Array | Int32Array, start: number, walk: Walk, initial: number): number {
  const { rows, columns, bases } = walk;
  const [rowStride, columnStride] = [walk.rowStrides[0], walk.columnStrides[0]];
  let largest = initial;
  for (let block = 0; block < bases.length; block++) {
    for (let row = 0; row < rows; row++) {
      let i = start + bases[block] + row * rowStride;
      for (let column = 0; column < columns; column++, i += columnStride) largest = Math.max(largest, source[i]);
    }
  }
  return largest;
}

/** One number a row of the input's last axis. */
function ofRows(numberOf: (source: Float32Array | Int32Array, start: number, end: number) => number): KernelMaker {
  return (node, [x], out) => {
    let rows = 0;
    let width = 0;
    return {
      bind: (bindings) => {
        rows = elementCount(lengthsOf(node, bindings));
        width = lengthsOf(x.tensor, bindings).at(-1)!;
      },
      run: () => {
        const [source, target] = [x.slot.data, out.data];
        for (let row = 0; row < rows; row++) target[row] = numberOf(source, row * width, (row + 1) * width);
      },
    };
  };
}

const logSumExp = ofRows((source, start, end) => {
  let largest = -Infinity;
  for (let i = start; i < end; i++) largest = Math.max(largest, source[i]);
  if (largest === Infinity || largest === -Infinity) return largest;
  let sum = 0;
  for (let i = start; i < end; i++) sum += exp(source[i] - largest);
  return largest + log(sum);
});

const argMax = ofRows((source, start, end) => {
  let best = start;
  for (let i = start + 1; i < end; i++) if (source[i] > source[best]) best = i;
  return best - start;
});

/** Kernels of the primitives that combine the elements along axes. */
export const reductionKernels = {
  sum: axisReduction(0, "sum"),
  max: axisReduction(-Infinity, "max"),
  logSumExp,
  argMax,
};
