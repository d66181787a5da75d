import type { FunctionAssembler, Local } from "./assembler.js";
import { stepWhileFits } from "./loops.js";

/** The most rows that a product makes at a time. */
export const BAND_ROWS = 4;

/** C [rows, columns] = op(A) · op(B) over `inner`: lengths, and addresses. */
export interface ProductLocals {
  readonly rows: Local;
  readonly columns: Local;
  readonly inner: Local;
  readonly a: Local;
  readonly b: Local;
  readonly c: Local;
}

/** Runs bands of `most` rows, and of single ones at the end. */
export function forEachBand(
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
