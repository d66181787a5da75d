import type { FunctionAssembler, Local } from "./assembler.js";
import { advance, multiplyAdd, setBytes, stepWhileFits } from "./loops.js";
import { BAND_ROWS, emitBand } from "./product-bands.js";
import type { BandLocals } from "./product-bands.js";

/**
 * A·B and Aᵀ·B: tiles of four rows by eight columns stay in registers; each step over `inner` loads a row of B and
 * splats four elements of A. Columns beyond a multiple of four are computed whole and stored lane by lane.
 */
export function assembleByRows(
  f: FunctionAssembler,
  transposeA: boolean,
  relaxed: boolean,
  locals: BandLocals,
): void {
  const { first, rows, columns, inner, a, b, c } = locals;
  const [rowOfA, stepOfA, rowOfB] = [f.local("i32"), f.local("i32"), f.local("i32")];
  setBytes(f, rowOfB, columns);
  if (transposeA) {
    f.i32(4).set(rowOfA);
    setBytes(f, stepOfA, rows);
  } else {
    setBytes(f, rowOfA, inner);
    f.i32(4).set(stepOfA);
  }
  const [j, k] = [f.local("i32"), f.local("i32")];
  const sums = Array.from({ length: 4 }, () => [f.local("v128"), f.local("v128")]);
  const [pointersA, pointersC] = [0, 1].map(() => Array.from({ length: 4 }, () => f.local("i32")));
  const [pointerB, element] = [f.local("i32"), f.local("v128")];
  const rowOfBVectors = [f.local("v128"), f.local("v128")];

  const tile = (height: number, width: number, store: (pointer: Local, sums: readonly Local[]) => void): void => {
    for (let r = 0; r < height; r++) {
      // A's element (first + r, 0), and the band's element (r, j).
      f.get(a).get(first).i32(r).op("i32.add").get(rowOfA).op("i32.mul").op("i32.add").set(pointersA[r]);
      f.get(c).i32(r).get(rowOfB).op("i32.mul").op("i32.add");
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
  emitBand(f, locals, BAND_ROWS, band);
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
