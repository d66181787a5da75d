import type { FunctionAssembler, Local } from "./assembler.js";

/** The most rows that a product makes at a time. */
export const BAND_ROWS = 4;

/** A band of C [rows, columns] = op(A) · op(B) over `inner`: its first row, lengths, and addresses. */
export interface BandLocals {
  readonly first: Local;
  readonly rows: Local;
  readonly columns: Local;
  readonly inner: Local;
  readonly a: Local;
  readonly b: Local;
  /** Of the band's first row. */
  readonly c: Local;
}

/** Emits a band of `most` rows where so many are left, else of one. Leaves how many on the stack. */
export function emitBand(
  f: FunctionAssembler,
  { first, rows }: BandLocals,
  most: number,
  band: (height: number) => void,
): void {
  const height = f.local("i32");
  f.i32(1).set(height);
  f.get(first).i32(most).op("i32.add").get(rows).op("i32.le_u").if(() => {
    f.i32(most).set(height);
    band(most);
  });
  f.get(height).i32(1).op("i32.eq").if(() => band(1));
  f.get(height);
}
