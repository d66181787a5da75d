import type { PrimitiveAttributes } from "../../primitives/primitive.js";
import type { Tensor } from "../../tensor.js";
import { lengthsOf } from "../planned/kernel.js";
import type { Step } from "../planned/kernel.js";
import type { FunctionAssembler, Local } from "./assembler.js";
import type { Emission } from "./emission.js";
import { advance, multiplyAdd, setBytes, setLaneMask, stepWhileFits, sumLanes } from "./loops.js";

type Attributes = PrimitiveAttributes["matmul"];

/** The most rows that {@link assembleProduct} makes at a time. */
export const BAND_ROWS = 4;

/** Whether a node is a product with a kernel here. Aᵀ·Bᵀ is left to the host. */
export function isEmittedProduct(node: Tensor): boolean {
  if (node.primitive !== "matmul") return false;
  const { transposeA, transposeB } = node.attributes as Attributes;
  return !(transposeA && transposeB);
}

/** A name of the product's orientation. */
export function productName({ transposeA, transposeB }: Attributes): string {
  return `matmul ${transposeA ? "AᵀB" : transposeB ? "ABᵀ" : "AB"}`;
}

/** Rows, columns and the inner length of a product, from the lengths of its first factor and its own. */
export function productSizes(
  { attributes }: Tensor<"matmul">,
  first: readonly number[],
  [rows, columns]: readonly number[],
): readonly [rows: number, columns: number, inner: number] {
  return [rows, columns, first[attributes.transposeA ? 0 : 1]];
}

/** The step of a product, by a kernel of its orientation. */
export function productStep(step: Step, emission: Emission): Step {
  const node = step.writes[0] as Tensor<"matmul">;
  return {
    ...step,
    make: ([a, b], [out]) => {
      const assemble = (f: FunctionAssembler): void => {
        const [rows, columns, inner, first, second, c] = [0, 1, 2, 3, 4, 5].map((index) => f.parameter(index));
        assembleProduct(f, node.attributes, emission.relaxed, { rows, columns, inner, a: first, b: second, c });
      };
      return emission.kernel(
        { name: productName(node.attributes), sizes: 3, addresses: 3, assemble },
        (bindings) => productSizes(node, lengthsOf(a.tensor, bindings), lengthsOf(node, bindings)),
        [a.slot, b.slot, out],
      );
    },
  };
}

/** C [rows, columns] = op(A) · op(B) over `inner`: lengths, and addresses. */
interface ProductLocals {
  readonly rows: Local;
  readonly columns: Local;
  readonly inner: Local;
  readonly a: Local;
  readonly b: Local;
  readonly c: Local;
}

/**
 * Emits a product, some rows at a time.
 *
 * @param afterBand - Where given, C is a band of {@link BAND_ROWS} rows, which are written over by the next ones; called
 *   with how many rows it holds.
 */
export function assembleProduct(
  f: FunctionAssembler,
  { transposeA, transposeB }: Attributes,
  relaxed: boolean,
  locals: ProductLocals,
  afterBand?: (height: Local) => void,
): void {
  if (transposeB) assembleByDots(f, relaxed, locals, afterBand);
  else assembleByRows(f, transposeA, relaxed, locals, afterBand);
}

/** Runs bands of `most` rows, and of single ones at the end. */
function forEachBand(
  f: FunctionAssembler,
  i: Local,
  rows: Local,
  most: number,
  band: (height: number) => void,
  afterBand: ((height: Local) => void) | undefined,
): void {
  f.i32(0).set(i);
  if (afterBand === undefined) {
    stepWhileFits(f, i, most, rows, () => band(most));
    stepWhileFits(f, i, 1, rows, () => band(1));
    return;
  }
  const height = f.local("i32");
  f.block(() => {
    f.loop(() => {
      f.get(i).get(rows).op("i32.ge_u").branchIf(1);
      f.get(i).i32(most).op("i32.add").get(rows).op("i32.le_u").tee(height);
      f.if(() => {
        f.i32(most).set(height);
        band(most);
      });
      f.get(height).op("i32.eqz").if(() => {
        f.i32(1).set(height);
        band(1);
      });
      f.get(i).get(height).op("i32.add").set(i);
      afterBand(height);
      f.branch(0);
    });
  });
}

/**
 * A·B and Aᵀ·B: tiles of four rows by eight columns stay in registers; each step over `inner` loads a row of B and
 * splats four elements of A. Columns beyond a multiple of four are computed whole and stored lane by lane.
 */
function assembleByRows(
  f: FunctionAssembler,
  transposeA: boolean,
  relaxed: boolean,
  { rows, columns, inner, a, b, c }: ProductLocals,
  afterBand?: (height: Local) => void,
): void {
  const [rowOfA, stepOfA, rowOfB] = [f.local("i32"), f.local("i32"), f.local("i32")];
  setBytes(f, rowOfB, columns);
  if (transposeA) {
    f.i32(4).set(rowOfA);
    setBytes(f, stepOfA, rows);
  } else {
    setBytes(f, rowOfA, inner);
    f.i32(4).set(stepOfA);
  }
  const [i, j, k] = [f.local("i32"), f.local("i32"), f.local("i32")];
  const sums = Array.from({ length: 4 }, () => [f.local("v128"), f.local("v128")]);
  const [pointersA, pointersC] = [0, 1].map(() => Array.from({ length: 4 }, () => f.local("i32")));
  const [pointerB, element] = [f.local("i32"), f.local("v128")];
  const rowOfBVectors = [f.local("v128"), f.local("v128")];

  const tile = (height: number, width: number, store: (pointer: Local, sums: readonly Local[]) => void): void => {
    for (let r = 0; r < height; r++) {
      // A's element (i + r, 0), and C's element (i + r, j).
      f.get(a).get(i).i32(r).op("i32.add").get(rowOfA).op("i32.mul").op("i32.add").set(pointersA[r]);
      f.get(c);
      if (afterBand === undefined) f.get(i).i32(r).op("i32.add");
      else f.i32(r);
      f.get(rowOfB).op("i32.mul").op("i32.add");
      f.get(j).i32(2).op("i32.shl").op("i32.add").set(pointersC[r]);
      for (let v = 0; v < width; v++) f.f32x4(0).set(sums[r][v]);
    }
    f.get(b).get(j).i32(2).op("i32.shl").op("i32.add").set(pointerB);
    f.i32(0).set(k);
    stepWhileFits(f, k, 1, inner, () => {
      for (let v = 0; v < width; v++) f.get(pointerB).memory("v128.load", 16 * v).set(rowOfBVectors[v]);
      for (let r = 0; r < height; r++) {
        f.get(pointersA[r]).memory("v128.load32_splat").set(element);
        for (let v = 0; v < width; v++) multiplyAdd(f, relaxed, element, rowOfBVectors[v], sums[r][v]);
        advance(f, pointersA[r], stepOfA);
      }
      advance(f, pointerB, rowOfB);
    });
    for (let r = 0; r < height; r++) store(pointersC[r], sums[r]);
  };

  const band = (height: number): void => {
    f.i32(0).set(j);
    stepWhileFits(f, j, 8, columns, () => {
      tile(height, 2, (pointer, [left, right]) => {
        f.get(pointer).get(left).memory("v128.store");
        f.get(pointer).get(right).memory("v128.store", 16);
      });
    });
    stepWhileFits(f, j, 4, columns, () => {
      tile(height, 1, (pointer, [sum]) => f.get(pointer).get(sum).memory("v128.store"));
    });
    f.get(j).get(columns).op("i32.lt_u").if(() => {
      tile(height, 1, (pointer, [sum]) => storeLanes(f, pointer, sum, columns, j));
    });
  };
  forEachBand(f, i, rows, BAND_ROWS, band, afterBand);
}

/** Stores the first columns − j lanes of a vector, at most three. */
function storeLanes(f: FunctionAssembler, pointer: Local, vector: Local, columns: Local, j: Local): void {
  f.get(pointer).get(vector).extractLane("f32x4", 0).memory("f32.store");
  for (const lane of [1, 2]) {
    f.get(columns).get(j).op("i32.sub").i32(lane).op("i32.gt_u").if(() => {
      f.get(pointer).get(vector).extractLane("f32x4", lane).memory("f32.store", 4 * lane);
    });
  }
}

/**
 * A·Bᵀ: both are read along `inner`, four at a time. Tiles of two rows by four columns keep eight partial sums, whose
 * lanes are added at the end.
 */
function assembleByDots(
  f: FunctionAssembler,
  relaxed: boolean,
  { rows, columns, inner, a, b, c }: ProductLocals,
  afterBand?: (height: Local) => void,
): void {
  const [rowBytes, rowOfC, vectors, rest] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  setBytes(f, rowBytes, inner);
  setBytes(f, rowOfC, columns);
  f.get(inner).i32(2).op("i32.shr_u").set(vectors);
  f.get(inner).i32(3).op("i32.and").set(rest);
  const mask = f.local("v128");
  setLaneMask(f, mask, rest);
  const [i, j, k] = [f.local("i32"), f.local("i32"), f.local("i32")];
  const pointersA = [f.local("i32"), f.local("i32")];
  const pointersB = Array.from({ length: 4 }, () => f.local("i32"));
  const pointersC = [f.local("i32"), f.local("i32")];
  const sums = [0, 1].map(() => Array.from({ length: 4 }, () => f.local("v128")));
  const [left, right] = [f.local("v128"), Array.from({ length: 4 }, () => f.local("v128"))];

  const step = (height: number, width: number, masked: boolean): void => {
    for (let w = 0; w < width; w++) {
      f.get(pointersB[w]).memory("v128.load");
      if (masked) f.get(mask).op("v128.and");
      f.set(right[w]);
    }
    for (let r = 0; r < height; r++) {
      f.get(pointersA[r]).memory("v128.load");
      if (masked) f.get(mask).op("v128.and");
      f.set(left);
      for (let w = 0; w < width; w++) multiplyAdd(f, relaxed, left, right[w], sums[r][w]);
    }
    for (const pointer of [...pointersA.slice(0, height), ...pointersB.slice(0, width)]) advance(f, pointer, 16);
  };
  const tile = (height: number, width: number): void => {
    for (let r = 0; r < height; r++) {
      f.get(a).get(i).i32(r).op("i32.add").get(rowBytes).op("i32.mul").op("i32.add").set(pointersA[r]);
      f.get(c);
      if (afterBand === undefined) f.get(i).i32(r).op("i32.add");
      else f.i32(r);
      f.get(rowOfC).op("i32.mul").op("i32.add");
      f.get(j).i32(2).op("i32.shl").op("i32.add").set(pointersC[r]);
      for (let w = 0; w < width; w++) f.f32x4(0).set(sums[r][w]);
    }
    for (let w = 0; w < width; w++) {
      f.get(b).get(j).i32(w).op("i32.add").get(rowBytes).op("i32.mul").op("i32.add").set(pointersB[w]);
    }
    f.i32(0).set(k);
    stepWhileFits(f, k, 1, vectors, () => step(height, width, false));
    f.get(rest).if(() => step(height, width, true));
    for (let r = 0; r < height; r++) {
      f.get(pointersC[r]);
      if (width === 1) {
        sumLanes(f, sums[r][0]);
        f.memory("f32.store");
      } else {
        sumFourVectors(f, sums[r], left, right[0]);
        f.memory("v128.store");
      }
    }
  };
  const band = (height: number): void => {
    f.i32(0).set(j);
    stepWhileFits(f, j, 4, columns, () => tile(height, 4));
    stepWhileFits(f, j, 1, columns, () => tile(height, 1));
  };
  forEachBand(f, i, rows, 2, band, afterBand);
}

/** Leaves a vector of the lane sums of four vectors, each as {@link sumLanes} adds them. */
function sumFourVectors(f: FunctionAssembler, [p, q, r, s]: readonly Local[], first: Local, second: Local): void {
  const pairs = (x: Local, y: Local): void => {
    f.get(x).get(y).shuffle([0, 4, 1, 5]).get(x).get(y).shuffle([2, 6, 3, 7]).op("f32x4.add");
  };
  pairs(p, q);
  f.set(first);
  pairs(r, s);
  f.set(second);
  f.get(first).get(second).shuffle([0, 1, 4, 5]).get(first).get(second).shuffle([2, 3, 6, 7]).op("f32x4.add");
}
