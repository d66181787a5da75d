import { elementCount } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { lengthsOf } from "../planned/kernel.js";
import type { Step } from "../planned/kernel.js";
import type { FunctionAssembler, Local } from "./assembler.js";
import type { Emission } from "./emission.js";
import { advance, setBytes, stepWhileFits } from "./loops.js";
import { mathEmitters } from "./math/math-function.js";
import { VectorCode } from "./math/vector-code.js";

type Assemble = (f: FunctionAssembler, emission: Emission) => void;

const kernels: ReadonlyMap<string, Assemble> = new Map<string, Assemble>([
  ["logSumExp", assembleLogSumExp],
  ["argMax", assembleArgMax],
]);

/** Whether a node is a function of the rows of its input with a kernel here. */
export function isEmittedRowwise({ primitive }: Tensor): boolean {
  return kernels.has(primitive);
}

/** The step of a function of rows: one number for each. */
export function rowwiseStep(step: Step, emission: Emission): Step {
  const [node] = step.writes;
  const assemble = kernels.get(node.primitive)!;
  return {
    ...step,
    make: ([x], [out]) =>
      emission.kernel(
        { name: node.primitive, sizes: 2, addresses: 2, assemble: (f) => assemble(f, emission) },
        (bindings) => [elementCount(lengthsOf(node, bindings)), lengthsOf(x.tensor, bindings).at(-1)!],
        [out, x.slot],
      ),
  };
}

/**
 * Four rows at a time, one a lane, so that short rows are as quick as long ones. The last vector of results may overrun
 * into padding; lanes without a row read the last one again.
 *
 * @param body - Given a way to visit the rows' columns: each is loaded into a vector; leaves the results on the stack.
 */
function forFourRows(
  f: FunctionAssembler,
  body: (forEachColumn: (visit: (column: Local, values: Local) => void) => void) => void,
): void {
  const [rows, columns, out, x] = [0, 1, 2, 3].map((index) => f.parameter(index));
  const [i, j, rowBytes, last] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  const [starts, pointers] = [0, 1].map(() => Array.from({ length: 4 }, () => f.local("i32")));
  const values = f.local("v128");
  setBytes(f, rowBytes, columns);
  f.get(rows).i32(1).op("i32.sub").set(last);
  const forEachColumn = (visit: (column: Local, values: Local) => void): void => {
    for (let lane = 0; lane < 4; lane++) f.get(starts[lane]).set(pointers[lane]);
    f.i32(0).set(j);
    stepWhileFits(f, j, 1, columns, () => {
      f.get(pointers[0]).memory("v128.load32_splat").set(values);
      for (let lane = 1; lane < 4; lane++) f.get(pointers[lane]).get(values).loadLane(lane).set(values);
      visit(j, values);
      for (const pointer of pointers) advance(f, pointer, 4);
    });
  };
  f.block(() => {
    f.get(rows).op("i32.eqz").branchIf(0);
    f.loop(() => {
      for (let lane = 0; lane < 4; lane++) {
        f.get(i).i32(lane).op("i32.add").set(starts[lane]);
        f.get(starts[lane]).get(last).get(starts[lane]).get(last).op("i32.lt_u").select();
        f.get(rowBytes).op("i32.mul").get(x).op("i32.add").set(starts[lane]);
      }
      f.get(out).get(i).i32(2).op("i32.shl").op("i32.add");
      body(forEachColumn);
      f.memory("v128.store");
      f.get(i).i32(4).op("i32.add").tee(i).get(rows).op("i32.lt_u").branchIf(0);
    });
  });
}

/** m + log Σ exp(x − m) with the row's largest m; without m where it is infinite, which gives the limit. */
function assembleLogSumExp(f: FunctionAssembler, { module, relaxed }: Emission): void {
  const code = new VectorCode(module, f, { relaxed });
  const [exp, log] = [mathEmitters.exp(code), mathEmitters.log(code)];
  const [largest, sum] = [f.local("v128"), f.local("v128")];
  forFourRows(f, (forEachColumn) => {
    f.f32x4(-Infinity).set(largest);
    forEachColumn((_, values) => f.get(largest).get(values).op("f32x4.max").set(largest));
    f.get(largest).get(largest).op("f32x4.abs").f32x4(Infinity).op("f32x4.lt").op("v128.and").set(largest);
    f.f32x4(0).set(sum);
    forEachColumn((_, values) => {
      f.get(values).get(largest).op("f32x4.sub");
      exp();
      f.get(sum).op("f32x4.add").set(sum);
    });
    f.get(sum);
    log();
    f.get(largest).op("f32x4.add");
  });
}

/** The first column whose element is larger than all before it; a NaN is larger than nothing. */
function assembleArgMax(f: FunctionAssembler): void {
  const [largest, best, larger] = [f.local("v128"), f.local("v128"), f.local("v128")];
  forFourRows(f, (forEachColumn) => {
    f.i32x4(0).set(best);
    forEachColumn((column, values) => {
      f.get(column).op("i32.eqz").if(() => f.get(values).set(largest));
      f.get(values).get(largest).op("f32x4.gt").set(larger);
      f.get(values).get(largest).get(larger).op("v128.bitselect").set(largest);
      f.get(column).op("i32x4.splat").get(best).get(larger).op("v128.bitselect").set(best);
    });
    f.get(best);
  });
}
