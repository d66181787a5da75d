import { instructions, memoryInstructions } from "./instructions.js";
import type { InstructionName, MemoryInstructionName, ValueType } from "./instructions.js";

export type { ValueType } from "./instructions.js";

const valueTypeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** A local variable or parameter of a function that is being assembled. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

/** Parameters and results of a function. */
export interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

interface Frame {
  readonly kind: "function" | "block" | "loop" | "if";
  /** Operands below the frame, which its instructions may not pop. */
  readonly height: number;
}

/**
 * Assembles one function.
 *
 * It knows the types on the operand stack at every instruction: a wrong operand fails here, as the function is
 * assembled, with the instruction and the stack named, and not as the engine refuses the module.
 */
export class FunctionAssembler {
  readonly name: string;
  readonly signature: Signature;
  readonly #code: number[] = [];
  readonly #locals: ValueType[];
  readonly #stack: ValueType[] = [];
  readonly #frames: Frame[] = [{ kind: "function", height: 0 }];

  /** @internal Made by {@link ModuleAssembler.addFunction}. */
  constructor(name: string, signature: Signature) {
    this.name = name;
    this.signature = signature;
    this.#locals = [...signature.parameters];
  }

  /** A parameter, by its position. */
  parameter(index: number): Local {
    return { index, type: this.signature.parameters[index] };
  }

  /** A new local variable, 0 at first. */
  local(type: ValueType): Local {
    return { index: this.#locals.push(type) - 1, type };
  }

  /** Pushes a local. */
  get(local: Local): this {
    return this.#emit("local.get", [0x20, ...unsigned(local.index)], [], [local.type]);
  }

  /** Pops into a local. */
  set(local: Local): this {
    return this.#emit("local.set", [0x21, ...unsigned(local.index)], [local.type], []);
  }

  /** Copies the top of the stack into a local. */
  tee(local: Local): this {
    return this.#emit("local.tee", [0x22, ...unsigned(local.index)], [local.type], [local.type]);
  }

  /** An instruction without immediates. */
  op(name: InstructionName): this {
    const [opcode, pops, pushes] = instructions[name];
    return this.#emit(name, opcode, pops, pushes);
  }

  /** A load or store, at the address on the stack plus `offset` bytes. */
  memory(name: MemoryInstructionName, offset = 0): this {
    const { opcode, alignment, pops, pushes } = memoryInstructions[name];
    return this.#emit(name, [...opcode, alignment, ...unsigned(offset)], pops, pushes);
  }

  /** Pushes an integer. */
  i32(value: number): this {
    return this.#emit("i32.const", [0x41, ...signed(value)], [], ["i32"]);
  }

  /** Pushes a float32. */
  f32(value: number): this {
    return this.#emit("f32.const", [0x43, ...bytesOf(Float32Array.of(value))], [], ["f32"]);
  }

  /** Pushes a vector of four times the same float32. */
  f32x4(value: number): this {
    return this.#emit("v128.const", [0xfd, 0x0c, ...bytesOf(new Float32Array(4).fill(value))], [], ["v128"]);
  }

  /** Pushes a vector of four times the same integer. */
  i32x4(value: number): this {
    return this.#emit("v128.const", [0xfd, 0x0c, ...bytesOf(new Int32Array(4).fill(value))], [], ["v128"]);
  }

  /** Pushes the vector 0, 1, 2, 3. */
  laneNumbers(): this {
    return this.#emit("v128.const", [0xfd, 0x0c, ...bytesOf(Int32Array.of(0, 1, 2, 3))], [], ["v128"]);
  }

  /** Pushes a vector of twice the same float64. */
  f64x2(value: number): this {
    return this.#emit("v128.const", [0xfd, 0x0c, ...bytesOf(new Float64Array(2).fill(value))], [], ["v128"]);
  }

  /** Replaces a vector by one of its lanes. */
  extractLane(shape: "f32x4" | "i32x4", lane: number): this {
    const [code, type]: [number, ValueType] = shape === "f32x4" ? [0x1f, "f32"] : [0x1b, "i32"];
    return this.#emit(`${shape}.extract_lane`, [0xfd, code, lane], ["v128"], [type]);
  }

  /** Two vectors' bytes chosen by index: 0–3 are the first one's lanes of 32 bits, 4–7 the second's. */
  shuffle(lanes: readonly [number, number, number, number]): this {
    const bytes = lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]);
    return this.#emit("i8x16.shuffle", [0xfd, 0x0d, ...bytes], ["v128", "v128"], ["v128"]);
  }

  /** Calls a function of the same module. */
  call(callee: FunctionReference): this {
    const { parameters, results } = callee.signature;
    return this.#emit(`call ${callee.name}`, [0x10, ...unsigned(callee.index)], parameters, results);
  }

  /** Instructions that are left by {@link branch}; they leave the stack as it was. */
  block(body: () => void): this {
    return this.#nest("block", 0x02, body);
  }

  /** Instructions that {@link branch} starts again; they leave the stack as it was. */
  loop(body: () => void): this {
    return this.#nest("loop", 0x03, body);
  }

  /** Pops an integer; runs the instructions where it is not 0. */
  if(body: () => void): this {
    this.#pop("if", ["i32"]);
    return this.#nest("if", 0x04, body);
  }

  /** Goes to the end of the block, or the start of the loop, `depth` frames out. */
  branch(depth: number): this {
    this.#requireFrame("br", depth);
    return this.#emit("br", [0x0c, ...unsigned(depth)], [], []);
  }

  /** Pops an integer and branches where it is not 0. */
  branchIf(depth: number): this {
    this.#requireFrame("br_if", depth);
    return this.#emit("br_if", [0x0d, ...unsigned(depth)], ["i32"], []);
  }

  /** @internal The function's entry in the code section. */
  body(): number[] {
    this.#pop("end", this.signature.results);
    if (this.#stack.length > 0) this.#fail("end", "an empty stack");
    const declared = this.#locals.slice(this.signature.parameters.length);
    const groups = declared.flatMap((type) => [1, valueTypeCodes[type]]);
    const code = [...unsigned(declared.length), ...groups, ...this.#code, 0x0b];
    return [...unsigned(code.length), ...code];
  }

  #nest(kind: "block" | "loop" | "if", opcode: number, body: () => void): this {
    this.#code.push(opcode, 0x40);
    const height = this.#stack.length;
    this.#frames.push({ kind, height });
    body();
    if (this.#stack.length !== height) this.#fail(`end of ${kind}`, `${height} operands`);
    this.#frames.pop();
    this.#code.push(0x0b);
    return this;
  }

  #emit(name: string, bytes: readonly number[], pops: readonly ValueType[], pushes: readonly ValueType[]): this {
    this.#pop(name, pops);
    this.#stack.push(...pushes);
    for (const byte of bytes) this.#code.push(byte);
    return this;
  }

  #pop(instruction: string, types: readonly ValueType[]): void {
    const start = this.#stack.length - types.length;
    const floor = this.#frames[this.#frames.length - 1].height;
    if (start < floor || types.some((type, index) => this.#stack[start + index] !== type)) {
      this.#fail(instruction, `[${types.join(", ")}] on top of the stack`);
    }
    this.#stack.length = start;
  }

  #requireFrame(instruction: string, depth: number): void {
    if (depth < 0 || depth >= this.#frames.length) this.#fail(instruction, `one of ${this.#frames.length} frames`);
  }

  #fail(instruction: string, expected: string): never {
    throw new Error(`${this.name}: ${instruction} expects ${expected}, the stack holds [${this.#stack.join(", ")}]`);
  }
}

/** A function as calls and exports refer to it. */
export interface FunctionReference {
  readonly name: string;
  readonly index: number;
  readonly signature: Signature;
}

/** Assembles a module whose functions work on one imported memory, `env.memory`. Functions are exported by name. */
export class ModuleAssembler {
  readonly #functions: FunctionAssembler[] = [];
  readonly #references = new Map<string, FunctionReference>();

  /** How many functions there are. */
  get size(): number {
    return this.#functions.length;
  }

  /** A function that was added under this name, if any. */
  find(name: string): FunctionReference | undefined {
    return this.#references.get(name);
  }

  /**
   * Adds a function.
   *
   * @param name - Its name in the module's exports.
   * @param signature - Its parameters and results.
   * @param assemble - Writes its instructions.
   * @throws Error naming the instruction whose operands are wrong.
   */
  addFunction(name: string, signature: Signature, assemble: (f: FunctionAssembler) => void): FunctionReference {
    if (this.#references.has(name)) throw new Error(`${name}: a function of this name is there already`);
    const f = new FunctionAssembler(name, signature);
    // Functions that it adds itself, such as what it calls, come before it.
    assemble(f);
    const reference = { name, index: this.#functions.push(f) - 1, signature };
    this.#references.set(name, reference);
    return reference;
  }

  /** The module's bytes. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const types = this.#functions.map(({ signature: { parameters, results } }) => [
      0x60,
      ...vector(parameters.map((type) => [valueTypeCodes[type]])),
      ...vector(results.map((type) => [valueTypeCodes[type]])),
    ]);
    const memoryImport = [...text("env"), ...text("memory"), 0x02, 0x00, 0x00];
    const sections: [number, number[]][] = [
      [1, vector(types)],
      [2, vector([memoryImport])],
      [3, vector(this.#functions.map((_, index) => unsigned(index)))],
      [7, vector(this.#functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]))],
      [10, vector(this.#functions.map((f) => f.body()))],
    ];
    const bytes = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
    for (const [id, content] of sections) bytes.push(id, ...unsigned(content.length), ...content);
    return Uint8Array.from(bytes);
  }
}

/** LEB128 of an unsigned integer below 2³². */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** LEB128 of a signed 32-bit integer. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(last ? low : low | 0x80);
    if (last) return bytes;
  }
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...unsigned(bytes.length), ...bytes];
}

function bytesOf(array: Float32Array | Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(array.buffer);
}
