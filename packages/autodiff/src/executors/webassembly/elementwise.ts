import type { PrimitiveName } from "../../primitives/primitive.js";
import type { Tensor } from "../../tensor.js";
import type { FunctionAssembler, Local } from "./assembler.js";
import type { Emission } from "./emission.js";
import type { InstructionName } from "./instructions.js";
import { mathEmitters } from "./math/math-function.js";
import type { MathName } from "./math/math-function.js";
import { VectorCode } from "./math/vector-code.js";
import type { Emit } from "./math/vector-code.js";

/** An operand of a primitive in a loop: a vector in a local, or the bits of a comparison that the loop makes. */
export interface Operand {
  readonly local: Local;
  /** Whether lanes are all ones where the comparison holds, instead of 1. */
  readonly isMask: boolean;
}

/** Writes one primitive; the result is left on the stack. */
type Writer = (f: FunctionAssembler, operands: readonly Operand[], node: Tensor) => void;

/** Pushes an operand as a number. */
export function push(f: FunctionAssembler, { local, isMask }: Operand): void {
  f.get(local);
  if (isMask) f.i32x4(1).op("v128.and");
}

const instruction =
  (name: InstructionName): Writer =>
  (f, operands) => {
    for (const operand of operands) push(f, operand);
    f.op(name);
  };

/** Lanes of ones or zeros; where they are read as int32, 1 or 0. */
const comparison =
  (floats: InstructionName, integers: InstructionName): Writer =>
  (f, operands, node) => instruction(node.inputs[0].dtype === "int32" ? integers : floats)(f, operands, node);

const writers = {
  neg: instruction("f32x4.neg"),
  sqrt: instruction("f32x4.sqrt"),
  abs: instruction("f32x4.abs"),
  add: instruction("f32x4.add"),
  sub: instruction("f32x4.sub"),
  mul: instruction("f32x4.mul"),
  div: instruction("f32x4.div"),
  minimum: instruction("f32x4.min"),
  maximum: instruction("f32x4.max"),
  less: comparison("f32x4.lt", "i32x4.lt_s"),
  lessEqual: comparison("f32x4.le", "i32x4.le_s"),
  equal: comparison("f32x4.eq", "i32x4.eq"),
  toFloat: (f, [x]) => {
    if (x.isMask) f.get(x.local).f32x4(1).op("v128.and");
    else f.get(x.local).op("f32x4.convert_i32x4_s");
  },
  select: (f, [mask, a, b]) => {
    push(f, a);
    push(f, b);
    f.get(mask.local);
    if (!mask.isMask) f.i32x4(0).op("i32x4.ne");
    f.op("v128.bitselect");
  },
  // ±1 with the sign of x, but x itself where it is ±0 or NaN.
  sign: (f, [{ local: x }]) => {
    f.get(x).f32x4(1).get(x).f32x4(-0).op("v128.and").op("v128.or");
    f.get(x).f32x4(0).op("f32x4.lt").get(x).f32x4(0).op("f32x4.gt").op("v128.or").op("v128.not");
    f.op("v128.bitselect");
  },
} satisfies Partial<Record<PrimitiveName, Writer>>;

/** Primitives whose instructions need constants, which are set before the loop. */
const elementary: ReadonlySet<PrimitiveName> = new Set(["exp", "log", "tanh", "sigmoid", "softplus", "sin", "cos", "erf"]);

const comparisons: ReadonlySet<PrimitiveName> = new Set(["less", "lessEqual", "equal"]);

/** Whether a node that a loop computes is there as the bits of a comparison. */
export function isComparison({ primitive }: Tensor): boolean {
  return comparisons.has(primitive);
}

/** Whether a node takes so many instructions that what is around them does not matter. */
export function isElementary({ primitive }: Tensor): boolean {
  return elementary.has(primitive);
}

/** Whether a node can be part of a fused loop. */
export function isFusable({ primitive }: Tensor): boolean {
  return primitive in writers || elementary.has(primitive);
}

/**
 * Prepares a loop for primitives: constants of elementary functions are set here, once.
 *
 * @param nodes - Those that the loop computes.
 * @returns What writes a node: it leaves a vector on the stack.
 */
export function prepareWriters(
  f: FunctionAssembler,
  nodes: readonly Tensor[],
  { module, relaxed }: Emission,
): (node: Tensor, operands: readonly Operand[]) => void {
  const code = new VectorCode(module, f, { relaxed });
  const emitters = new Map<PrimitiveName, Emit>();
  for (const { primitive } of nodes) {
    if (!elementary.has(primitive) || emitters.has(primitive)) continue;
    emitters.set(primitive, mathEmitters[primitive as MathName](code));
  }
  return (node, operands) => {
    const emit = emitters.get(node.primitive);
    if (emit === undefined) {
      writers[node.primitive as keyof typeof writers](f, operands, node);
      return;
    }
    f.get(operands[0].local);
    emit();
  };
}
