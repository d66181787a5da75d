import { validateIndices } from "../../primitives/indexing.js";
import { elementCount } from "../../shape.js";
import type { Bindings } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import type { KernelMaker, Operand } from "../planned/kernel.js";
import { lengthsOf } from "../planned/kernel.js";

/** What the four kernels have in common: how many indices there are, and their checks. */
function indexed(node: Tensor, indices: Operand) {
  const label = node.name === undefined ? node.primitive : `${node.primitive} "${node.name}"`;
  return {
    count: (bindings: Bindings) => elementCount(lengthsOf(indices.tensor, bindings)),
    validate: (count: number, length: number) => validateIndices(label, indices.slot.data, count, length),
  };
}

const gather: KernelMaker = (node, [table, indices], out) => {
  const { count, validate } = indexed(node, indices);
  let [rows, length, width] = [0, 0, 0];
  return {
    bind: (bindings) => {
      const shape = lengthsOf(table.tensor, bindings);
      [rows, length, width] = [count(bindings), shape[0], elementCount(shape.slice(1))];
    },
    run: () => {
      validate(rows, length);
      const [source, at, target] = [table.slot.data, indices.slot.data, out.data];
      for (let row = 0, k = 0; row < rows; row++) {
        const start = at[row] * width;
        for (let j = 0; j < width; j++) target[k++] = source[start + j];
      }
    },
  };
};

const scatterAdd: KernelMaker = (node, [values, indices], out) => {
  const { count, validate } = indexed(node, indices);
  let [rows, length, width] = [0, 0, 0];
  return {
    bind: (bindings) => {
      const shape = lengthsOf(node, bindings);
      [rows, length, width] = [count(bindings), shape[0], elementCount(shape.slice(1))];
    },
    run: () => {
      validate(rows, length);
      const [source, at, target] = [values.slot.data, indices.slot.data, out.data];
      target.fill(0, 0, length * width);
      for (let row = 0, k = 0; row < rows; row++) {
        const start = at[row] * width;
        for (let j = 0; j < width; j++) target[start + j] += source[k++];
      }
    },
  };
};

const takeAlong: KernelMaker = (node, [x, indices], out) => {
  const { count, validate } = indexed(node, indices);
  let [rows, width] = [0, 0];
  return {
    bind: (bindings) => void ([rows, width] = [count(bindings), lengthsOf(x.tensor, bindings).at(-1)!]),
    run: () => {
      validate(rows, width);
      const [source, at, target] = [x.slot.data, indices.slot.data, out.data];
      for (let row = 0; row < rows; row++) target[row] = source[row * width + at[row]];
    },
  };
};

const putAlong: KernelMaker = (node, [values, indices], out) => {
  const { count, validate } = indexed(node, indices);
  let [rows, width] = [0, 0];
  return {
    bind: (bindings) => void ([rows, width] = [count(bindings), lengthsOf(node, bindings).at(-1)!]),
    run: () => {
      validate(rows, width);
      const [source, at, target] = [values.slot.data, indices.slot.data, out.data];
      target.fill(0, 0, rows * width);
      for (let row = 0; row < rows; row++) target[row * width + at[row]] = source[row];
    },
  };
};

/** Kernels of the primitives that address elements by index; each checks its indices first. */
export const indexingKernels = { gather, scatterAdd, takeAlong, putAlong };
