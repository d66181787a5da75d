import type { PrimitiveAttributes } from "../../primitives/primitive.js";
import { reducedShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { lengthsOf } from "../planned/kernel.js";
import type { Step } from "../planned/kernel.js";
import type { FunctionAssembler, Local } from "./assembler.js";
import type { Emission } from "./emission.js";
import { advance, combineLanes, setBytes, setLaneMask, stepWhileFits } from "./loops.js";
import { rowsAndColumns, stretchOf } from "./stretch.js";
import type { Stretch } from "./stretch.js";

type Attributes = PrimitiveAttributes["sum"];

interface Combination {
  readonly vector: "f32x4.add" | "f32x4.max";
  readonly lanes: "f32.add" | "f32.max";
  readonly neutral: number;
}

const combinations: Readonly<Record<"sum" | "max", Combination>> = {
  sum: { vector: "f32x4.add", lanes: "f32.add", neutral: 0 },
  max: { vector: "f32x4.max", lanes: "f32.max", neutral: -Infinity },
};

/** How a reduction's result would be stretched back over its input: that says which axes it runs along. */
function stretchBack(node: Tensor): Stretch | undefined {
  const { axes } = node.attributes as Attributes;
  const [{ shape }] = node.inputs;
  return stretchOf(reducedShape(shape, axes, true), shape);
}

/** Whether a node is a sum or maximum over all, over rows or over columns. */
export function isEmittedReduction(node: Tensor): boolean {
  if (node.primitive !== "sum" && node.primitive !== "max") return false;
  const kind = stretchBack(node)?.kind;
  return kind === "scalar" || kind === "row" || kind === "column";
}

/** The step of a reduction, by a kernel of its direction. */
export function reductionStep(step: Step, emission: Emission): Step {
  const [node] = step.writes;
  const stretch = stretchBack(node)!;
  const combination = combinations[node.primitive as "sum" | "max"];
  const overColumns = stretch.kind === "row";
  return {
    ...step,
    make: ([x], [out]) => {
      const assemble = (f: FunctionAssembler): void =>
        overColumns ? reduceColumns(f, combination) : reduceRows(f, combination);
      // A reduction of everything is one of a single long row.
      const name = `${node.primitive} ${overColumns ? "down" : "along"}`;
      const split = "split" in stretch ? stretch.split : undefined;
      return emission.kernel(
        { name, sizes: 2, addresses: 2, assemble },
        (bindings) => rowsAndColumns(x.tensor.shape, lengthsOf(x.tensor, bindings), split),
        [out, x.slot],
      );
    },
  };
}

/** One number a row: vectors along it in two accumulators, the last one masked, then the lanes. */
function reduceRows(f: FunctionAssembler, { vector, lanes, neutral }: Combination): void {
  const [rows, columns, out, x] = [0, 1, 2, 3].map((index) => f.parameter(index));
  const [i, j, pointer, rest] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  const [first, second, mask] = [f.local("v128"), f.local("v128"), f.local("v128")];
  f.get(columns).i32(3).op("i32.and").set(rest);
  setLaneMask(f, mask, rest);
  f.get(x).set(pointer);
  stepWhileFits(f, i, 1, rows, () => {
    f.f32x4(neutral).tee(first).set(second);
    f.i32(0).set(j);
    stepWhileFits(f, j, 8, columns, () => {
      f.get(first).get(pointer).memory("v128.load").op(vector).set(first);
      f.get(second).get(pointer).memory("v128.load", 16).op(vector).set(second);
      advance(f, pointer, 32);
    });
    stepWhileFits(f, j, 4, columns, () => {
      f.get(first).get(pointer).memory("v128.load").op(vector).set(first);
      advance(f, pointer, 16);
    });
    f.get(rest).if(() => {
      f.get(second).get(pointer).memory("v128.load").f32x4(neutral).get(mask).op("v128.bitselect").op(vector).set(second);
      f.get(pointer).get(rest).i32(2).op("i32.shl").op("i32.add").set(pointer);
    });
    f.get(first).get(second).op(vector).set(first);
    f.get(out);
    combineLanes(f, first, lanes);
    f.memory("f32.store");
    advance(f, out, 4);
  });
}

/** One number a column: four columns at a time, down all rows. The last vector overruns into padding. */
function reduceColumns(f: FunctionAssembler, { vector, neutral }: Combination): void {
  const [rows, columns, out, x] = [0, 1, 2, 3].map((index) => f.parameter(index));
  const [i, bytes, offset, pointer] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  const sum: Local = f.local("v128");
  setBytes(f, bytes, columns);
  f.block(() => {
    f.get(bytes).op("i32.eqz").branchIf(0);
    f.loop(() => {
      f.get(x).get(offset).op("i32.add").set(pointer);
      f.f32x4(neutral).set(sum);
      f.i32(0).set(i);
      stepWhileFits(f, i, 1, rows, () => {
        f.get(sum).get(pointer).memory("v128.load").op(vector).set(sum);
        advance(f, pointer, bytes);
      });
      f.get(out).get(offset).op("i32.add").get(sum).memory("v128.store");
      f.get(offset).i32(16).op("i32.add").tee(offset).get(bytes).op("i32.lt_u").branchIf(0);
    });
  });
}
