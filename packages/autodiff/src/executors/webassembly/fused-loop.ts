import type { PrimitiveAttributes } from "../../primitives/primitive.js";
import type { Tensor } from "../../tensor.js";
import type { FunctionAssembler, Local } from "./assembler.js";
import { isComparison, isElementary, prepareWriters, push } from "./elementwise.js";
import type { Operand } from "./elementwise.js";
import type { Emission } from "./emission.js";
import type { Group } from "./group.js";
import { advance, combineLanes, stepWhileFits } from "./loops.js";
import { combinationOf, stretchBack } from "./reductions.js";
import type { Combination } from "./reductions.js";
import { stretchOf } from "./stretch.js";
import type { Stretch } from "./stretch.js";

/** A constant that is one number becomes part of the code. */
export function immediateOf(tensor: Tensor): number | undefined {
  if (tensor.primitive !== "constant" || tensor.dtype !== "float32") return undefined;
  const { values } = tensor.attributes as PrimitiveAttributes["constant"];
  return values.length === 1 ? values[0] : undefined;
}

/** Where a loop finds its operands and leaves its results, as addresses that it advances. */
export interface LoopMemory {
  /** Bytes of a row. */
  readonly rowBytes: Local;
  /** Of each operand that is no immediate constant, and of an absorbed product. */
  readonly operands: ReadonlyMap<Tensor, Local>;
  /** Of each node that is stored, and each reduction. */
  readonly results: ReadonlyMap<Tensor, Local>;
}

/** A reduction under way. */
interface Accumulation {
  readonly node: Tensor;
  readonly combination: Combination;
  /** Two partial results, put together at the end. */
  readonly partial: readonly [Local, Local];
}

/**
 * Emits the loop of a group: every vector of operands is loaded once, all nodes are computed in registers, those that
 * others read are stored, and reductions go on as they come by.
 *
 * `begin`, `rows` as often as there are more rows, `end`.
 */
export class FusedLoop {
  readonly #f: FunctionAssembler;
  readonly #group: Group;
  readonly #memory: LoopMemory;
  readonly #values = new Map<Tensor, Local>();
  readonly #write: (node: Tensor, operands: readonly Operand[]) => void;
  /** Reductions of everything, and of each row. */
  readonly #whole: readonly Accumulation[];
  readonly #along: readonly Accumulation[];
  /** Reductions of each column. */
  readonly #down: readonly Tensor[];
  /** How each operand is stretched. */
  readonly #kinds: ReadonlyMap<Tensor, Stretch["kind"]>;
  readonly #offset: Local;
  readonly #mask: Local;

  constructor(f: FunctionAssembler, group: Group, memory: LoopMemory, emission: Emission) {
    this.#f = f;
    this.#group = group;
    this.#memory = memory;
    const product = group.product?.writes ?? [];
    for (const tensor of [...group.operands, ...product, ...group.nodes]) this.#values.set(tensor, f.local("v128"));
    this.#write = prepareWriters(f, group.nodes, emission);
    this.#kinds = new Map([...memory.operands.keys()].map((operand) => [operand, stretchOf(operand.shape, group.shape)!.kind]));
    const reductions = group.reductions.map((node) => ({ node, kind: stretchBack(node)!.kind }));
    const ofKind = (kind: Stretch["kind"]): Tensor[] => reductions.filter((of) => of.kind === kind).map(({ node }) => node);
    this.#whole = this.#accumulations(ofKind("scalar"));
    this.#along = this.#accumulations(ofKind("column"));
    this.#down = ofKind("row");
    this.#offset = f.local("i32");
    this.#mask = f.local("v128");
  }

  /** Sets what stays the same for all rows. */
  begin(): void {
    const [f, group] = [this.#f, this.#group];
    for (const operand of group.operands) {
      const immediate = immediateOf(operand);
      if (immediate !== undefined) f.f32x4(immediate).set(this.#values.get(operand)!);
    }
    this.#forEachOperand("scalar", (operand, pointer) => this.#loadSplat(operand, pointer));
    for (const accumulation of this.#whole) this.#reset(accumulation);
    for (const node of this.#down) this.#fill(this.#memory.results.get(node)!, combinationOf(node).neutral);
  }

  /** Goes on by `count` rows, at least one; the addresses go on with it. Uses the count up. */
  rows(count: Local): void {
    const f = this.#f;
    const { rowBytes, results } = this.#memory;
    f.loop(() => {
      this.#forEachOperand("column", (operand, pointer) => {
        this.#loadSplat(operand, pointer);
        advance(f, pointer, 4);
      });
      for (const accumulation of this.#along) this.#reset(accumulation);
      this.#row();
      for (const accumulation of this.#along) {
        this.#storeCombined(accumulation);
        advance(f, results.get(accumulation.node)!, 4);
      }
      for (const node of this.#group.nodes) if (results.has(node)) advance(f, results.get(node)!, rowBytes);
      this.#forEachOperand("full", (_, pointer) => advance(f, pointer, rowBytes));
      f.get(count).i32(1).op("i32.sub").tee(count).branchIf(0);
    });
  }

  /** Stores what was reduced over all rows. */
  end(): void {
    for (const accumulation of this.#whole) this.#storeCombined(accumulation);
  }

  /** Vectors along one row. The last one may overrun it: into the next row, which is written later, or into padding. */
  #row(): void {
    const [f, offset, { rowBytes }] = [this.#f, this.#offset, this.#memory];
    const masked = this.#whole.length + this.#along.length > 0;
    f.i32(0).set(offset);
    // A sum waits for the one before: two at a time, unless the arithmetic takes longer than that.
    if (masked && !this.#group.nodes.some(isElementary)) {
      stepWhileFits(f, offset, 32, rowBytes, () => {
        this.#vector(0, false);
        this.#vector(1, false);
      });
    }
    f.block(() => {
      f.get(offset).get(rowBytes).op("i32.ge_u").branchIf(0);
      f.loop(() => {
        if (masked) this.#setMask();
        this.#vector(0, masked);
        f.get(offset).i32(16).op("i32.add").tee(offset).get(rowBytes).op("i32.lt_u").branchIf(0);
      });
    });
  }

  /** One vector of a row: the one at the offset, or the one after. */
  #vector(position: 0 | 1, masked: boolean): void {
    const [f, offset, group] = [this.#f, this.#offset, this.#group];
    const { results } = this.#memory;
    for (const kind of ["full", "row"] as const) {
      this.#forEachOperand(kind, (operand, pointer) => {
        f.get(pointer).get(offset).op("i32.add").memory("v128.load", 16 * position).set(this.#values.get(operand)!);
      });
    }
    for (const node of group.nodes) {
      this.#write(node, group.reads.get(node)!.map((read) => this.#operand(read)));
      f.set(this.#values.get(node)!);
    }
    for (const node of group.nodes) {
      const result = results.get(node);
      if (result === undefined) continue;
      f.get(result).get(offset).op("i32.add");
      push(f, this.#operand(node));
      f.memory("v128.store", 16 * position);
    }
    for (const accumulation of [...this.#whole, ...this.#along]) this.#accumulate(accumulation, position, masked);
    for (const node of this.#down) this.#accumulateDown(node, position);
  }

  #accumulate({ node, combination, partial }: Accumulation, position: 0 | 1, masked: boolean): void {
    const f = this.#f;
    f.get(partial[position]);
    push(f, this.#operand(node.inputs[0]));
    if (masked) f.f32x4(combination.neutral).get(this.#mask).op("v128.bitselect");
    f.op(combination.vector).set(partial[position]);
  }

  /** One number a column: the results are a row in memory, to which each row is added. */
  #accumulateDown(node: Tensor, position: 0 | 1): void {
    const [f, offset, result] = [this.#f, this.#offset, this.#memory.results.get(node)!];
    f.get(result).get(offset).op("i32.add");
    f.get(result).get(offset).op("i32.add").memory("v128.load", 16 * position);
    push(f, this.#operand(node.inputs[0]));
    f.op(combinationOf(node).vector).memory("v128.store", 16 * position);
  }

  /** Lanes of ones where the vector at the offset is within the row. */
  #setMask(): void {
    const f = this.#f;
    f.get(this.#memory.rowBytes).get(this.#offset).op("i32.sub").i32(2).op("i32.shr_u").op("i32x4.splat").set(this.#mask);
    f.laneNumbers().get(this.#mask).op("i32x4.lt_s").set(this.#mask);
  }

  #accumulations(nodes: readonly Tensor[]): Accumulation[] {
    return nodes.map((node) => ({
      node,
      combination: combinationOf(node),
      partial: [this.#f.local("v128"), this.#f.local("v128")],
    }));
  }

  #reset({ combination, partial }: Accumulation): void {
    this.#f.f32x4(combination.neutral).tee(partial[0]).set(partial[1]);
  }

  #storeCombined({ node, combination, partial }: Accumulation): void {
    const f = this.#f;
    f.get(partial[0]).get(partial[1]).op(combination.vector).set(partial[0]);
    f.get(this.#memory.results.get(node)!);
    combineLanes(f, partial[0], combination.lanes);
    f.memory("f32.store");
  }

  /** Fills a row of results. */
  #fill(pointer: Local, value: number): void {
    const [f, offset, { rowBytes }] = [this.#f, this.#offset, this.#memory];
    f.i32(0).set(offset);
    f.block(() => {
      f.get(offset).get(rowBytes).op("i32.ge_u").branchIf(0);
      f.loop(() => {
        f.get(pointer).get(offset).op("i32.add").f32x4(value).memory("v128.store");
        f.get(offset).i32(16).op("i32.add").tee(offset).get(rowBytes).op("i32.lt_u").branchIf(0);
      });
    });
  }

  #loadSplat(operand: Tensor, pointer: Local): void {
    this.#f.get(pointer).memory("v128.load32_splat").set(this.#values.get(operand)!);
  }

  #operand(tensor: Tensor): Operand {
    return { local: this.#values.get(tensor)!, isMask: isComparison(tensor) && this.#group.reads.has(tensor) };
  }

  #forEachOperand(kind: Stretch["kind"], visit: (operand: Tensor, pointer: Local) => void): void {
    for (const [operand, pointer] of this.#memory.operands) {
      if (this.#kinds.get(operand) === kind) visit(operand, pointer);
    }
  }
}
