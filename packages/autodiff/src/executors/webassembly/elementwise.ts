import type { PrimitiveAttributes, PrimitiveName } from "../../primitives/primitive.js";
import type { Tensor } from "../../tensor.js";
import { lengthsOf } from "../planned/kernel.js";
import type { Slot, Step } from "../planned/kernel.js";
import type { FunctionAssembler, Local } from "./assembler.js";
import type { Emission } from "./emission.js";
import type { Group } from "./group.js";
import type { InstructionName } from "./instructions.js";
import { mathEmitters } from "./math/math-function.js";
import type { MathName } from "./math/math-function.js";
import { VectorCode } from "./math/vector-code.js";
import type { Emit } from "./math/vector-code.js";
import { advance, setBytes } from "./loops.js";
import { rowsAndColumns, stretchOf } from "./stretch.js";

/** An operand of a primitive in a loop: a vector in a local, or the bits of a comparison that the loop makes. */
interface Operand {
  readonly local: Local;
  /** Whether lanes are all ones where the comparison holds, instead of 1. */
  readonly isMask: boolean;
}

/** Writes one primitive; the result is left on the stack. */
type Writer = (f: FunctionAssembler, operands: readonly Operand[], node: Tensor) => void;

function push(f: FunctionAssembler, { local, isMask }: Operand): void {
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

/** Whether a node can be part of a fused loop. */
export function isFusable({ primitive }: Tensor): boolean {
  return primitive in writers || elementary.has(primitive);
}

/** A constant that is one number becomes part of the code. */
function immediateOf(tensor: Tensor): number | undefined {
  if (tensor.primitive !== "constant" || tensor.dtype !== "float32") return undefined;
  const { values } = tensor.attributes as PrimitiveAttributes["constant"];
  return values.length === 1 ? values[0] : undefined;
}

/**
 * One loop for a group: every vector of operands is loaded once, all nodes are computed in registers, and those that
 * others read are stored.
 *
 * @param group - Elementwise nodes of one shape.
 * @param isRead - Whether something outside the group reads a node.
 */
export function fusedStep(group: Group, isRead: (node: Tensor) => boolean, emission: Emission): Step {
  const operands = [...group.operands].filter((operand) => immediateOf(operand) === undefined);
  const writes = group.nodes.filter(isRead);
  const loop = new FusedLoop(group, operands, writes, emission);
  return {
    writes,
    computes: group.nodes,
    reads: operands,
    make: (inputs, outputs) => {
      const slots: Slot[] = [...outputs, ...inputs.map(({ slot }) => slot)];
      const target = { name: loop.name, sizes: 2, addresses: slots.length, assemble: (f: FunctionAssembler) => loop.assemble(f) };
      return emission.kernel(
        target,
        (bindings) => rowsAndColumns(group.shape, lengthsOf(group.nodes[0], bindings), group.split),
        slots,
      );
    },
  };
}

class FusedLoop {
  readonly #group: Group;
  readonly #operands: readonly Tensor[];
  readonly #writes: readonly Tensor[];
  readonly #emission: Emission;
  /** Says all that the code depends on, so that equal loops share a function. */
  readonly name: string;

  constructor(group: Group, operands: readonly Tensor[], writes: readonly Tensor[], emission: Emission) {
    this.#group = group;
    this.#emission = emission;
    this.#operands = operands;
    this.#writes = writes;
    this.name = this.#describe();
  }

  /** Parameters: rows, columns, addresses of the results, addresses of the operands. */
  assemble(f: FunctionAssembler): void {
    const { split } = this.#group;
    const rows = f.parameter(0);
    const bytes = f.local("i32");
    setBytes(f, bytes, f.parameter(1));
    const outputs = this.#writes.map((_, k) => f.parameter(2 + k));
    const pointers = this.#operands.map((_, k) => f.parameter(2 + outputs.length + k));
    const values = new Map<Tensor, Local>();
    for (const tensor of [...this.#group.operands, ...this.#group.nodes]) values.set(tensor, f.local("v128"));

    const write = this.#nodeWriter(f, values);
    for (const operand of this.#group.operands) {
      const immediate = immediateOf(operand);
      if (immediate !== undefined) f.f32x4(immediate).set(values.get(operand)!);
    }
    this.#forEachOperand("scalar", (operand, k) => loadSplat(f, pointers[k], values.get(operand)!));
    if (split === undefined) {
      this.#row(f, bytes, outputs, pointers, values, write);
      return;
    }
    f.block(() => {
      f.get(rows).op("i32.eqz").branchIf(0);
      f.loop(() => {
        this.#forEachOperand("column", (operand, k) => {
          loadSplat(f, pointers[k], values.get(operand)!);
          advance(f, pointers[k], 4);
        });
        this.#row(f, bytes, outputs, pointers, values, write);
        for (const output of outputs) advance(f, output, bytes);
        this.#forEachOperand("full", (_, k) => advance(f, pointers[k], bytes));
        f.get(rows).i32(1).op("i32.sub").tee(rows).branchIf(0);
      });
    });
  }

  /** What computes a node into its local; constants of elementary functions are set here, once for all loops. */
  #nodeWriter(f: FunctionAssembler, values: ReadonlyMap<Tensor, Local>): (node: Tensor) => void {
    const code = new VectorCode(this.#emission.module, f, { relaxed: this.#emission.relaxed });
    const emitters = new Map<PrimitiveName, Emit>();
    for (const { primitive } of this.#group.nodes) {
      if (!elementary.has(primitive) || emitters.has(primitive)) continue;
      emitters.set(primitive, mathEmitters[primitive as MathName](code));
    }
    return (node) => {
      const operands = this.#group.reads.get(node)!.map((read) => this.#operand(read, values));
      const emit = emitters.get(node.primitive);
      if (emit === undefined) writers[node.primitive as keyof typeof writers](f, operands, node);
      else {
        f.get(operands[0].local);
        emit();
      }
      f.set(values.get(node)!);
    };
  }

  #operand(tensor: Tensor, values: ReadonlyMap<Tensor, Local>): Operand {
    return { local: values.get(tensor)!, isMask: comparisons.has(tensor.primitive) && this.#group.reads.has(tensor) };
  }

  /** Vectors along one row. The last one may overrun it: into the next row, which is written later, or into padding. */
  #row(
    f: FunctionAssembler,
    bytes: Local,
    outputs: readonly Local[],
    pointers: readonly Local[],
    values: ReadonlyMap<Tensor, Local>,
    write: (node: Tensor) => void,
  ): void {
    const offset = f.local("i32");
    f.i32(0).set(offset);
    f.block(() => {
      f.get(bytes).op("i32.eqz").branchIf(0);
      f.loop(() => {
        for (const kind of ["full", "row"] as const) {
          this.#forEachOperand(kind, (operand, k) => {
            f.get(pointers[k]).get(offset).op("i32.add").memory("v128.load").set(values.get(operand)!);
          });
        }
        for (const node of this.#group.nodes) write(node);
        this.#writes.forEach((node, k) => {
          f.get(outputs[k]).get(offset).op("i32.add");
          push(f, this.#operand(node, values));
          f.memory("v128.store");
        });
        f.get(offset).i32(16).op("i32.add").tee(offset).get(bytes).op("i32.lt_u").branchIf(0);
      });
    });
  }

  #forEachOperand(kind: "full" | "scalar" | "row" | "column", visit: (operand: Tensor, index: number) => void): void {
    this.#operands.forEach((operand, index) => {
      if (stretchOf(operand.shape, this.#group.shape)!.kind === kind) visit(operand, index);
    });
  }

  #describe(): string {
    const labels = new Map<Tensor, string>();
    for (const operand of this.#group.operands) {
      const immediate = immediateOf(operand);
      const position = this.#operands.indexOf(operand);
      const kind = stretchOf(operand.shape, this.#group.shape)!.kind;
      labels.set(operand, immediate === undefined ? `${kind}${position}:${operand.dtype}` : String(immediate));
    }
    const lines = this.#group.nodes.map((node, k) => {
      labels.set(node, `$${k}`);
      const reads = this.#group.reads.get(node)!.map((read) => labels.get(read));
      return `${this.#writes.includes(node) ? "=" : ""}${node.primitive}(${reads.join()})`;
    });
    return `fused[${this.#operands.length}]${this.#group.split === undefined ? "" : "2d"} ${lines.join(" ")}`;
  }
}

function loadSplat(f: FunctionAssembler, pointer: Local, into: Local): void {
  f.get(pointer).memory("v128.load32_splat").set(into);
}
