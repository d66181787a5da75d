import type { FunctionAssembler, Local } from "./assembler.js";
import { advance, multiplyAdd, setBytes, setLaneMask, stepWhileFits, sumLanes } from "./loops.js";
import { emitBand } from "./product-bands.js";
import type { BandLocals } from "./product-bands.js";

/**
 * A·Bᵀ: both are read along `inner`, four at a time. Tiles of two rows by four columns keep eight partial sums, whose
 * lanes are added at the end.
 */
export function assembleByDots(
  f: FunctionAssembler,
  relaxed: boolean,
  locals: BandLocals,
): void {
  const { first, columns, inner, a, b, c } = locals;
  const [rowBytes, rowOfC, vectors, rest] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  setBytes(f, rowBytes, inner);
  setBytes(f, rowOfC, columns);
  f.get(inner).i32(2).op("i32.shr_u").set(vectors);
  f.get(inner).i32(3).op("i32.and").set(rest);
  const mask = f.local("v128");
  setLaneMask(f, mask, rest);
  const [j, k] = [f.local("i32"), f.local("i32")];
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
      f.get(a).get(first).i32(r).op("i32.add").get(rowBytes).op("i32.mul").op("i32.add").set(pointersA[r]);
      f.get(c).i32(r).get(rowOfC).op("i32.mul").op("i32.add");
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
  emitBand(f, locals, 2, band);
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
