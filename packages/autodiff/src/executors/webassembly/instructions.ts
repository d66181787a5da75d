/** Types of WebAssembly's operands. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/** One instruction without immediates: its opcode, what it pops and what it pushes. */
export type Instruction = readonly [opcode: readonly number[], pops: readonly ValueType[], pushes: readonly ValueType[]];

/** SIMD opcodes follow the prefix 0xfd, as LEB128. */
function simd(code: number): readonly number[] {
  return code < 0x80 ? [0xfd, code] : [0xfd, (code & 0x7f) | 0x80, code >> 7];
}

const i32Binary = (code: number): Instruction => [[code], ["i32", "i32"], ["i32"]];
const f32Unary = (code: number): Instruction => [[code], ["f32"], ["f32"]];
const f32Binary = (code: number): Instruction => [[code], ["f32", "f32"], ["f32"]];
const f32Compare = (code: number): Instruction => [[code], ["f32", "f32"], ["i32"]];
const vectorUnary = (code: number): Instruction => [simd(code), ["v128"], ["v128"]];
const vectorBinary = (code: number): Instruction => [simd(code), ["v128", "v128"], ["v128"]];
const vectorTernary = (code: number): Instruction => [simd(code), ["v128", "v128", "v128"], ["v128"]];
const vectorShift = (code: number): Instruction => [simd(code), ["v128", "i32"], ["v128"]];

/**
 * The instructions that kernels use, with their operand types.
 * (WebAssembly core specification 2.0, chapter 5.4; the relaxed ones from the relaxed SIMD proposal.)
 */
export const instructions = {
  "i32.eqz": [[0x45], ["i32"], ["i32"]],
  "i32.eq": i32Binary(0x46),
  "i32.ne": i32Binary(0x47),
  "i32.lt_s": i32Binary(0x48),
  "i32.lt_u": i32Binary(0x49),
  "i32.gt_s": i32Binary(0x4a),
  "i32.gt_u": i32Binary(0x4b),
  "i32.le_s": i32Binary(0x4c),
  "i32.le_u": i32Binary(0x4d),
  "i32.ge_s": i32Binary(0x4e),
  "i32.ge_u": i32Binary(0x4f),
  "i32.add": i32Binary(0x6a),
  "i32.sub": i32Binary(0x6b),
  "i32.mul": i32Binary(0x6c),
  "i32.and": i32Binary(0x71),
  "i32.or": i32Binary(0x72),
  "i32.xor": i32Binary(0x73),
  "i32.shl": i32Binary(0x74),
  "i32.shr_s": i32Binary(0x75),
  "i32.shr_u": i32Binary(0x76),

  "memory.copy": [[0xfc, 0x0a, 0x00, 0x00], ["i32", "i32", "i32"], []],

  "f32.eq": f32Compare(0x5b),
  "f32.ne": f32Compare(0x5c),
  "f32.lt": f32Compare(0x5d),
  "f32.gt": f32Compare(0x5e),
  "f32.le": f32Compare(0x5f),
  "f32.ge": f32Compare(0x60),
  "f32.abs": f32Unary(0x8b),
  "f32.neg": f32Unary(0x8c),
  "f32.sqrt": f32Unary(0x91),
  "f32.add": f32Binary(0x92),
  "f32.sub": f32Binary(0x93),
  "f32.mul": f32Binary(0x94),
  "f32.div": f32Binary(0x95),
  "f32.min": f32Binary(0x96),
  "f32.max": f32Binary(0x97),
  "f32.convert_i32_s": [[0xb2], ["i32"], ["f32"]],

  "i32x4.splat": [simd(0x11), ["i32"], ["v128"]],
  "f32x4.splat": [simd(0x13), ["f32"], ["v128"]],
  "f32x4.eq": vectorBinary(0x41),
  "f32x4.ne": vectorBinary(0x42),
  "f32x4.lt": vectorBinary(0x43),
  "f32x4.gt": vectorBinary(0x44),
  "f32x4.le": vectorBinary(0x45),
  "f32x4.ge": vectorBinary(0x46),
  "i32x4.eq": vectorBinary(0x37),
  "i32x4.ne": vectorBinary(0x38),
  "i32x4.lt_s": vectorBinary(0x39),
  "i32x4.gt_s": vectorBinary(0x3b),
  "i32x4.le_s": vectorBinary(0x3d),
  "v128.not": vectorUnary(0x4d),
  "v128.and": vectorBinary(0x4e),
  "v128.andnot": vectorBinary(0x4f),
  "v128.or": vectorBinary(0x50),
  "v128.xor": vectorBinary(0x51),
  "v128.bitselect": vectorTernary(0x52),
  "v128.any_true": [simd(0x53), ["v128"], ["i32"]],
  "i32x4.abs": vectorUnary(0xa0),
  "i32x4.neg": vectorUnary(0xa1),
  "i32x4.shl": vectorShift(0xab),
  "i32x4.shr_s": vectorShift(0xac),
  "i32x4.shr_u": vectorShift(0xad),
  "i32x4.add": vectorBinary(0xae),
  "i32x4.sub": vectorBinary(0xb1),
  "i32x4.mul": vectorBinary(0xb5),
  "i32x4.min_s": vectorBinary(0xb6),
  "i32x4.max_s": vectorBinary(0xb8),
  "f32x4.nearest": vectorUnary(0x6a),
  "f32x4.floor": vectorUnary(0x68),
  "f32x4.trunc": vectorUnary(0x69),
  "f32x4.abs": vectorUnary(0xe0),
  "f32x4.neg": vectorUnary(0xe1),
  "f32x4.sqrt": vectorUnary(0xe3),
  "f32x4.add": vectorBinary(0xe4),
  "f32x4.sub": vectorBinary(0xe5),
  "f32x4.mul": vectorBinary(0xe6),
  "f32x4.div": vectorBinary(0xe7),
  "f32x4.min": vectorBinary(0xe8),
  "f32x4.max": vectorBinary(0xe9),
  "f32x4.pmin": vectorBinary(0xea),
  "f32x4.pmax": vectorBinary(0xeb),
  "f64x2.nearest": vectorUnary(0x94),
  "f64x2.add": vectorBinary(0xf0),
  "f64x2.sub": vectorBinary(0xf1),
  "f64x2.mul": vectorBinary(0xf2),
  "f64x2.promote_low_f32x4": vectorUnary(0x5f),
  "f32x4.demote_f64x2_zero": vectorUnary(0x5e),
  "i32x4.trunc_sat_f32x4_s": vectorUnary(0xf8),
  "f32x4.convert_i32x4_s": vectorUnary(0xfa),
  "i32x4.trunc_sat_f64x2_s_zero": vectorUnary(0xfc),
  "f32x4.relaxed_madd": vectorTernary(0x105),
  "f32x4.relaxed_nmadd": vectorTernary(0x106),
} as const satisfies Record<string, Instruction>;

/** Name of an instruction without immediates. */
export type InstructionName = keyof typeof instructions;

/** An instruction that reads or writes memory; its immediates are alignment and offset. */
export interface MemoryInstruction {
  readonly opcode: readonly number[];
  /** log₂ of the natural alignment in bytes. */
  readonly alignment: number;
  readonly pops: readonly ValueType[];
  readonly pushes: readonly ValueType[];
}

/** Loads take an address; stores an address and a value. */
export const memoryInstructions = {
  "i32.load": { opcode: [0x28], alignment: 2, pops: ["i32"], pushes: ["i32"] },
  "f32.load": { opcode: [0x2a], alignment: 2, pops: ["i32"], pushes: ["f32"] },
  "i32.store": { opcode: [0x36], alignment: 2, pops: ["i32", "i32"], pushes: [] },
  "f32.store": { opcode: [0x38], alignment: 2, pops: ["i32", "f32"], pushes: [] },
  "v128.load": { opcode: simd(0x00), alignment: 4, pops: ["i32"], pushes: ["v128"] },
  "v128.load32_splat": { opcode: simd(0x09), alignment: 2, pops: ["i32"], pushes: ["v128"] },
  "v128.store": { opcode: simd(0x0b), alignment: 4, pops: ["i32", "v128"], pushes: [] },
} as const satisfies Record<string, MemoryInstruction>;

/** Name of an instruction that reads or writes memory. */
export type MemoryInstructionName = keyof typeof memoryInstructions;
