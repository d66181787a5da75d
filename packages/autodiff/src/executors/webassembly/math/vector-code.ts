import type { FunctionAssembler, Local, ModuleAssembler } from "../assembler.js";

/** How elementary functions are emitted. */
export interface MathOptions {
  /** Whether a·b + c may be fused: one rounding, faster, and low bits that differ between machines. */
  readonly relaxed: boolean;
}

/** Emits the instructions of an elementary function: [x] → [the function of x's lanes]. */
export type Emit = () => void;

/**
 * Writes arithmetic on vectors of four float32 into a function. Comments say what it does to the stack: [a, b] → [c].
 *
 * Constants are locals that are set as they are asked for. What asks for them before a loop sets them before the loop:
 * not every engine moves them out, and inside they can cost more than the arithmetic.
 */
export class VectorCode {
  readonly module: ModuleAssembler;
  readonly f: FunctionAssembler;
  readonly relaxed: boolean;
  readonly #constants = new Map<string, Local>();
  readonly #factor: Local;
  readonly #term: Local;

  /**
   * @param module - Gets what is called and not emitted in place.
   * @param f - Gets the instructions.
   */
  constructor(module: ModuleAssembler, f: FunctionAssembler, { relaxed }: MathOptions) {
    this.module = module;
    this.f = f;
    this.relaxed = relaxed;
    [this.#factor, this.#term] = [this.local(), this.local()];
  }

  /** A new vector. */
  local(): Local {
    return this.f.local("v128");
  }

  /** Four times the same float32. Asked for outside of blocks and loops only. */
  constant(value: number): Local {
    return this.#constant(Object.is(value, -0) ? "-0" : String(value), () => this.f.f32x4(value));
  }

  /** Four times each float32. Asked for outside of blocks and loops only. */
  constants(values: readonly number[]): Local[] {
    return values.map((value) => this.constant(value));
  }

  /** Four times the same integer. Asked for outside of blocks and loops only. */
  integer(value: number): Local {
    return this.#constant(`integer ${value}`, () => this.f.i32x4(value));
  }

  /** [a, b, c] → [a·b + c], rounded once where relaxed, else twice. */
  multiplyAdd(): void {
    const { f } = this;
    if (this.relaxed) f.op("f32x4.relaxed_madd");
    else f.set(this.#term).op("f32x4.mul").get(this.#term).op("f32x4.add");
  }

  /** [a, b, c] → [c − a·b], rounded once where relaxed, else twice. */
  negativeMultiplyAdd(): void {
    const { f } = this;
    if (this.relaxed) f.op("f32x4.relaxed_nmadd");
    else f.set(this.#term).op("f32x4.mul").set(this.#factor).get(this.#term).get(this.#factor).op("f32x4.sub");
  }

  /** [] → [c₀ + c₁x + c₂x² + …], by Horner's rule. */
  polynomial(x: Local, coefficients: readonly Local[]): void {
    this.f.get(coefficients[coefficients.length - 1]);
    for (let k = coefficients.length - 2; k >= 0; k--) {
      this.f.get(x).get(coefficients[k]);
      this.multiplyAdd();
    }
  }

  /** [x] → [x, or the limit that it is beyond]; NaN where x is. */
  clamp(lowest: Local, highest: Local): void {
    this.f.get(highest).op("f32x4.pmin").get(lowest).op("f32x4.pmax");
  }

  /** [x] → [2ᵏ], where the low 9 bits of x are k + 127, between 1 and 254. */
  powerOfTwo(): void {
    this.f.i32(23).op("i32x4.shl");
  }

  /** [x] → [x, negative where y is negative or −0], for x without a sign. */
  withSignOf(y: Local, signBit: Local): void {
    this.f.get(y).get(signBit).op("v128.and").op("v128.or");
  }

  #constant(key: string, push: () => void): Local {
    let local = this.#constants.get(key);
    if (local === undefined) {
      local = this.local();
      push();
      this.f.set(local);
      this.#constants.set(key, local);
    }
    return local;
  }
}
