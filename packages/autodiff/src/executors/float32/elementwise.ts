import { cos, erf, exp, log, pow, sin, tanh } from "@uphill/core-math";
import { sigmoid, softplus } from "../../primitives/elementwise.js";
import { broadcastStrides, stridesOf } from "../../shape.js";
import type { KernelMaker, Operand } from "../planned/kernel.js";
import { lengthsOf } from "../planned/kernel.js";
import { planWalk } from "./walk.js";
import type { Walk } from "./walk.js";

type Memory = Float32Array | Int32Array;

/** A loop over `count` elements: the output is contiguous from `k`, the input strided from `i`. */
type UnaryLoop = (out: Memory, k: number, count: number, x: Memory, i: number, di: number) => void;

/** The same with two inputs. */
type BinaryLoop = (
  out: Memory, k: number, count: number,
  a: Memory, i: number, di: number,
  b: Memory, j: number, dj: number,
) => void;

// Each loop is written out: engines specialise a loop, but not one that calls a function it is given.
const unaryLoops = {
  neg: (o, k, n, x, i, d) => { for (const e = k + n; k < e; k++, i += d) o[k] = -x[i]; },
  exp: (o, k, n, x, i, d) => { for (const e = k + n; k < e; k++, i += d) o[k] = exp(x[i]); },
  log: (o, k, n, x, i, d) => { for (const e = k + n; k < e; k++, i += d) o[k] = log(x[i]); },
  sqrt: (o, k, n, x, i, d) => { for (const e = k + n; k < e; k++, i += d) o[k] = Math.sqrt(x[i]); },
  tanh: (o, k, n, x, i, d) => { for (const e = k + n; k < e; k++, i += d) o[k] = tanh(x[i]); },
  sigmoid: (o, k, n, x, i, d) => { for (const e = k + n; k < e; k++, i += d) o[k] = sigmoid(x[i]); },
  softplus: (o, k, n, x, i, d) => { for (const e = k + n; k < e; k++, i += d) o[k] = softplus(x[i]); },
  erf: (o, k, n, x, i, d) => { for (const e = k + n; k < e; k++, i += d) o[k] = erf(x[i]); },
  abs: (o, k, n, x, i, d) => { for (const e = k + n; k < e; k++, i += d) o[k] = Math.abs(x[i]); },
  sign: (o, k, n, x, i, d) => { for (const e = k + n; k < e; k++, i += d) o[k] = Math.sign(x[i]); },
  sin: (o, k, n, x, i, d) => { for (const e = k + n; k < e; k++, i += d) o[k] = sin(x[i]); },
  cos: (o, k, n, x, i, d) => { for (const e = k + n; k < e; k++, i += d) o[k] = cos(x[i]); },
  copy: (o, k, n, x, i, d) => { for (const e = k + n; k < e; k++, i += d) o[k] = x[i]; },
} satisfies Record<string, UnaryLoop>;

const binaryLoops = {
  add: (o, k, n, a, i, di, b, j, dj) => { for (const e = k + n; k < e; k++, i += di, j += dj) o[k] = a[i] + b[j]; },
  sub: (o, k, n, a, i, di, b, j, dj) => { for (const e = k + n; k < e; k++, i += di, j += dj) o[k] = a[i] - b[j]; },
  mul: (o, k, n, a, i, di, b, j, dj) => { for (const e = k + n; k < e; k++, i += di, j += dj) o[k] = a[i] * b[j]; },
  div: (o, k, n, a, i, di, b, j, dj) => { for (const e = k + n; k < e; k++, i += di, j += dj) o[k] = a[i] / b[j]; },
  pow: (o, k, n, a, i, di, b, j, dj) => { for (const e = k + n; k < e; k++, i += di, j += dj) o[k] = pow(a[i], b[j]); },
  minimum: (o, k, n, a, i, di, b, j, dj) => { for (const e = k + n; k < e; k++, i += di, j += dj) o[k] = Math.min(a[i], b[j]); },
  maximum: (o, k, n, a, i, di, b, j, dj) => { for (const e = k + n; k < e; k++, i += di, j += dj) o[k] = Math.max(a[i], b[j]); },
  less: (o, k, n, a, i, di, b, j, dj) => { for (const e = k + n; k < e; k++, i += di, j += dj) o[k] = a[i] < b[j] ? 1 : 0; },
  lessEqual: (o, k, n, a, i, di, b, j, dj) => { for (const e = k + n; k < e; k++, i += di, j += dj) o[k] = a[i] <= b[j] ? 1 : 0; },
  equal: (o, k, n, a, i, di, b, j, dj) => { for (const e = k + n; k < e; k++, i += di, j += dj) o[k] = a[i] === b[j] ? 1 : 0; },
} satisfies Record<string, BinaryLoop>;

/** The walk of a node's output, which is contiguous, and of its operands, which may be stretched. */
function walkOf(node: Operand["tensor"], inputs: readonly Operand[], bindings: Parameters<typeof lengthsOf>[1]): Walk {
  const shape = lengthsOf(node, bindings);
  return planWalk(shape, [
    stridesOf(shape),
    ...inputs.map(({ tensor }) => broadcastStrides(lengthsOf(tensor, bindings), shape)),
  ]);
}

function unary(loop: UnaryLoop): KernelMaker {
  return (node, inputs, out) => {
    const source = inputs[0].slot;
    let walk: Walk;
    return {
      bind: (bindings) => void (walk = walkOf(node, inputs, bindings)),
      run: () => {
        const { rows, columns, bases, rowStrides, columnStrides } = walk;
        for (let block = 0; block < bases.length; block += 2) {
          for (let row = 0; row < rows; row++) {
            const k = bases[block] + row * rowStrides[0];
            const i = bases[block + 1] + row * rowStrides[1];
            loop(out.data, k, columns, source.data, i, columnStrides[1]);
          }
        }
      },
    };
  };
}

function binary(loop: BinaryLoop): KernelMaker {
  return (node, inputs, out) => {
    const [left, right] = [inputs[0].slot, inputs[1].slot];
    let walk: Walk;
    return {
      bind: (bindings) => void (walk = walkOf(node, inputs, bindings)),
      run: () => {
        const { rows, columns, bases, rowStrides, columnStrides } = walk;
        for (let block = 0; block < bases.length; block += 3) {
          for (let row = 0; row < rows; row++) {
            const k = bases[block] + row * rowStrides[0];
            const i = bases[block + 1] + row * rowStrides[1];
            const j = bases[block + 2] + row * rowStrides[2];
            loop(out.data, k, columns, left.data, i, columnStrides[1], right.data, j, columnStrides[2]);
          }
        }
      },
    };
  };
}

const select: KernelMaker = (node, inputs, out) => {
  const [mask, a, b] = inputs.map(({ slot }) => slot) as [Operand["slot"], Operand["slot"], Operand["slot"]];
  let walk: Walk;
  return {
    bind: (bindings) => void (walk = walkOf(node, inputs, bindings)),
    run: () => {
      const { rows, columns, bases, rowStrides: r, columnStrides: c } = walk;
      const [target, conditions, chosen, others] = [out.data, mask.data, a.data, b.data];
      for (let block = 0; block < bases.length; block += 4) {
        for (let row = 0; row < rows; row++) {
          const k = bases[block] + row * r[0];
          const m = bases[block + 1] + row * r[1];
          const i = bases[block + 2] + row * r[2];
          const j = bases[block + 3] + row * r[3];
          for (let column = 0; column < columns; column++) {
            target[k + column] =
              conditions[m + column * c[1]] !== 0 ? chosen[i + column * c[2]] : others[j + column * c[3]];
          }
        }
      }
    },
  };
};

/** Kernels of the primitives that act on each element alone. Their operands may be stretched in place. */
export const elementwiseKernels = {
  neg: unary(unaryLoops.neg),
  exp: unary(unaryLoops.exp),
  log: unary(unaryLoops.log),
  sqrt: unary(unaryLoops.sqrt),
  tanh: unary(unaryLoops.tanh),
  sigmoid: unary(unaryLoops.sigmoid),
  softplus: unary(unaryLoops.softplus),
  erf: unary(unaryLoops.erf),
  abs: unary(unaryLoops.abs),
  sign: unary(unaryLoops.sign),
  sin: unary(unaryLoops.sin),
  cos: unary(unaryLoops.cos),
  toFloat: unary(unaryLoops.copy),
  toInt: unary(unaryLoops.copy),
  broadcast: unary(unaryLoops.copy),
  add: binary(binaryLoops.add),
  sub: binary(binaryLoops.sub),
  mul: binary(binaryLoops.mul),
  div: binary(binaryLoops.div),
  pow: binary(binaryLoops.pow),
  minimum: binary(binaryLoops.minimum),
  maximum: binary(binaryLoops.maximum),
  less: binary(binaryLoops.less),
  lessEqual: binary(binaryLoops.lessEqual),
  equal: binary(binaryLoops.equal),
  select,
};

/** Copies a tensor into memory of its own. */
export const copyKernel: KernelMaker = unary(unaryLoops.copy);
