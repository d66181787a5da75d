import { ByteWriter } from "./bytes.js";
import { instructions, memoryInstructions } from "./instructions.js";
import type { InstructionName, MemoryInstructionName, ValueType } from "./instructions.js";

export type { ValueType } from "./instructions.js";

const valueTypeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

const immediate = new ArrayBuffer(16);

/** One vector's bytes, to write the lanes of a constant into. */
const constantLanes = {
  f32: new Float32Array(immediate),
  f64: new Float64Array(immediate),
  i32: new Int32Array(immediate),
  bytes: new Uint8Array(immediate),
  first4: new Uint8Array(immediate, 0, 4),
};

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
  readonly #code = new ByteWriter();
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
    this.#type("local.get", [], [local.type]);
    this.#code.byte(0x20).unsigned(local.index);
    return this;
  }

  /** Pops into a local. */
  set(local: Local): this {
    this.#type("local.set", [local.type], []);
    this.#code.byte(0x21).unsigned(local.index);
    return this;
  }

  /** Copies the top of the stack into a local. */
  tee(local: Local): this {
    this.#type("local.tee", [local.type], [local.type]);
    this.#code.byte(0x22).unsigned(local.index);
    return this;
  }

  /** An instruction without immediates. */
  op(name: InstructionName): this {
    const [opcode, pops, pushes] = instructions[name];
    this.#type(name, pops, pushes);
    this.#code.bytes(opcode);
    return this;
  }

  /** A load or store, at the address on the stack plus `offset` bytes. */
  memory(name: MemoryInstructionName, offset = 0): this {
    const { opcode, alignment, pops, pushes } = memoryInstructions[name];
    this.#type(name, pops, pushes);
    this.#code.bytes(opcode).byte(alignment).unsigned(offset);
    return this;
  }

  /** Pops an address and a vector; pushes the vector with one lane loaded from the address. */
  loadLane(lane: number): this {
    this.#type("v128.load32_lane", ["i32", "v128"], ["v128"]);
    this.#code.bytes([0xfd, 0x56, 2, 0, lane]);
    return this;
  }

  /** Pops a, b and an integer; pushes a where it is not 0, else b. For integers a and b. */
  select(): this {
    this.#type("select", ["i32", "i32", "i32"], ["i32"]);
    this.#code.byte(0x1b);
    return this;
  }

  /** Pushes an integer. */
  i32(value: number): this {
    this.#type("i32.const", [], ["i32"]);
    this.#code.byte(0x41).signed(value);
    return this;
  }

  /** Pushes a float32. */
  f32(value: number): this {
    this.#type("f32.const", [], ["f32"]);
    constantLanes.f32.fill(value);
    this.#code.byte(0x43).bytes(constantLanes.first4);
    return this;
  }

  /** Pushes a vector of four times the same float32. */
  f32x4(value: number): this {
    constantLanes.f32.fill(value);
    return this.#vector();
  }

  /** Pushes a vector of four times the same integer. */
  i32x4(value: number): this {
    constantLanes.i32.fill(value);
    return this.#vector();
  }

  /** Pushes the vector 0, 1, 2, 3. */
  laneNumbers(): this {
    for (let lane = 0; lane < 4; lane++) constantLanes.i32[lane] = lane;
    return this.#vector();
  }

  /** Pushes a vector of twice the same float64. */
  f64x2(value: number): this {
    constantLanes.f64.fill(value);
    return this.#vector();
  }

  /** Replaces a vector by one of its lanes. */
  extractLane(shape: "f32x4" | "i32x4", lane: number): this {
    const [code, type]: [number, ValueType] = shape === "f32x4" ? [0x1f, "f32"] : [0x1b, "i32"];
    this.#type(`${shape}.extract_lane`, ["v128"], [type]);
    this.#code.bytes([0xfd, code, lane]);
    return this;
  }

  /** Two vectors' bytes chosen by index: 0–3 are the first one's lanes of 32 bits, 4–7 the second's. */
  shuffle(lanes: readonly [number, number, number, number]): this {
    const bytes = lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]);
    this.#type("i8x16.shuffle", ["v128", "v128"], ["v128"]);
    this.#code.bytes([0xfd, 0x0d, ...bytes]);
    return this;
  }

  /** Calls a function of the same module. */
  call(callee: FunctionReference): this {
    const { parameters, results } = callee.signature;
    this.#type(`call ${callee.name}`, parameters, results);
    this.#code.byte(0x10).unsigned(callee.index);
    return this;
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
    this.#code.byte(0x0c).unsigned(depth);
    return this;
  }

  /** Pops an integer and branches where it is not 0. */
  branchIf(depth: number): this {
    this.#requireFrame("br_if", depth);
    this.#type("br_if", ["i32"], []);
    this.#code.byte(0x0d).unsigned(depth);
    return this;
  }

  /** @internal Writes the function's entry in the code section. */
  writeBody(section: ByteWriter): void {
    this.#pop("end", this.signature.results);
    if (this.#stack.length > 0) this.#fail("end", "an empty stack");
    const declared = this.#locals.slice(this.signature.parameters.length);
    const header = new ByteWriter().unsigned(declared.length);
    for (const type of declared) header.byte(1).byte(valueTypeCodes[type]);
    section.unsigned(header.length + this.#code.length + 1);
    section.bytes(header.written()).bytes(this.#code.written()).byte(0x0b);
  }

  #nest(kind: "block" | "loop" | "if", opcode: number, body: () => void): this {
    this.#code.byte(opcode).byte(0x40);
    const height = this.#stack.length;
    this.#frames.push({ kind, height });
    body();
    if (this.#stack.length !== height) this.#fail(`end of ${kind}`, `${height} operands`);
    this.#frames.pop();
    this.#code.byte(0x0b);
    return this;
  }

  /** Pushes the vector whose lanes are written. */
  #vector(): this {
    this.#type("v128.const", [], ["v128"]);
    this.#code.byte(0xfd).byte(0x0c).bytes(constantLanes.bytes);
    return this;
  }

  /** What an instruction does to the types on the stack. */
  #type(name: string, pops: readonly ValueType[], pushes: readonly ValueType[]): void {
    this.#pop(name, pops);
    for (const type of pushes) this.#stack.push(type);
  }

  #pop(instruction: string, types: readonly ValueType[]): void {
    const stack = this.#stack;
    const start = stack.length - types.length;
    let fits = start >= this.#frames[this.#frames.length - 1].height;
    for (let i = 0; fits && i < types.length; i++) fits = stack[start + i] === types[i];
    if (!fits) this.#fail(instruction, `[${types.join(", ")}] on top of the stack`);
    stack.length = start;
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
    const functions = this.#functions;
    const module = new ByteWriter().bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
    const section = (id: number, count: number, write: (content: ByteWriter) => void): void => {
      const content = new ByteWriter().unsigned(count);
      write(content);
      module.byte(id).sized(content.written());
    };
    section(1, functions.length, (types) => {
      for (const { signature } of functions) {
        types.byte(0x60);
        for (const list of [signature.parameters, signature.results]) types.sized(list.map((type) => valueTypeCodes[type]));
      }
    });
    section(2, 1, (imports) => imports.text("env").text("memory").bytes([0x02, 0x00, 0x00]));
    section(3, functions.length, (indices) => functions.forEach((_, index) => indices.unsigned(index)));
    section(7, functions.length, (exports) => {
      functions.forEach(({ name }, index) => exports.text(name).byte(0x00).unsigned(index));
    });
    section(10, functions.length, (bodies) => {
      for (const f of functions) f.writeBody(bodies);
    });
    return Uint8Array.from(module.written());
  }
}
