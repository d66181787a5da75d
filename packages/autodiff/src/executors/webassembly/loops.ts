import type { FunctionAssembler, Local } from "./assembler.js";

/** Runs the body while `counter + step ≤ limit`, adding `step` after each time. */
export function stepWhileFits(
  f: FunctionAssembler,
  counter: Local,
  step: number,
  limit: Local,
  body: () => void,
): void {
  f.block(() => {
    f.loop(() => {
      f.get(counter).i32(step).op("i32.add").get(limit).op("i32.gt_u").branchIf(1);
      body();
      f.get(counter).i32(step).op("i32.add").set(counter);
      f.branch(0);
    });
  });
}

/** Adds a constant number of bytes, or a local one, to a pointer. */
export function advance(f: FunctionAssembler, pointer: Local, bytes: number | Local): void {
  f.get(pointer);
  if (typeof bytes === "number") f.i32(bytes);
  else f.get(bytes);
  f.op("i32.add").set(pointer);
}

/** Sets a local to another times 4: bytes from a count of numbers. */
export function setBytes(f: FunctionAssembler, into: Local, count: Local): void {
  f.get(count).i32(2).op("i32.shl").set(into);
}

/** accumulator ← a·b + accumulator; with one rounding where relaxed. */
export function multiplyAdd(f: FunctionAssembler, relaxed: boolean, a: Local, b: Local, accumulator: Local): void {
  if (relaxed) f.get(a).get(b).get(accumulator).op("f32x4.relaxed_madd");
  else f.get(a).get(b).op("f32x4.mul").get(accumulator).op("f32x4.add");
  f.set(accumulator);
}

/** Lanes of ones where the lane's number is below a count on 0 … 4. */
export function setLaneMask(f: FunctionAssembler, into: Local, count: Local): void {
  f.laneNumbers().get(count).op("i32x4.splat").op("i32x4.lt_s").set(into);
}

/** Leaves the sum of a vector's four lanes on the stack, as (0 + 2) + (1 + 3). */
export function sumLanes(f: FunctionAssembler, vector: Local): void {
  combineLanes(f, vector, "f32.add");
}

/** Leaves (0 ∘ 2) ∘ (1 ∘ 3) of a vector's lanes on the stack. */
export function combineLanes(f: FunctionAssembler, vector: Local, combine: "f32.add" | "f32.max"): void {
  f.get(vector).extractLane("f32x4", 0).get(vector).extractLane("f32x4", 2).op(combine);
  f.get(vector).extractLane("f32x4", 1).get(vector).extractLane("f32x4", 3).op(combine);
  f.op(combine);
}
