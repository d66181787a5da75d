import { OptionError } from "./errors.js";
import { boundedInteger, maskedInteger } from "./internal/bounded.js";
import { Pcg64, PCG64_WORDS } from "./internal/pcg64.js";
import { generateState, seedWords } from "./internal/seed-sequence.js";
import { streamKey } from "./internal/stream-key.js";
import { standardNormal, unitUniform } from "./internal/ziggurat.js";
import { parseRandomState } from "./random-state.js";
import type { RandomState, Seed } from "./random-state.js";
import { expectation, requireInteger, requireString } from "./require.js";

/** PCG64 takes four 64-bit words from its SeedSequence. */
const SEED_STATE_WORDS = 8;

/** The largest float32 below 1. */
const BELOW_ONE = 1 - 2 ** -24;

/**
 * A stream of random numbers: NumPy's `Generator(PCG64(SeedSequence(seed, spawn_key=…)))`, bit for bit.
 *
 * Draws are those of NumPy 2 in value and in how much of the stream they use; normals agree to 1e-13, since NumPy's
 * tables are printed and these are computed. Draws allocate nothing (except {@link permutation}, and integers beyond
 * 2³²). Nothing here is fit for secrets.
 *
 * Sources: M. O'Neill, PCG, 2014; D. Lemire, Fast random integer generation in an interval, 2019; G. Marsaglia and
 * W. Tsang, The ziggurat method, 2000; J. Doornik, An improved ziggurat method, 2005.
 */
export class Random {
  #seed: readonly number[];
  #spawnKey: readonly number[];
  readonly #bits: Pcg64;

  /**
   * @param seed - A non-negative integer of any size (above 2⁵³ − 1 a bigint), or a non-empty array of non-negative
   *   integers, as NumPy's SeedSequence takes them.
   * @param spawnKey - Non-negative integers that tell streams of one seed apart; none by default. {@link split} is the
   *   easier way.
   * @throws OptionError where a seed or a key is anything else.
   */
  constructor(seed: Seed, spawnKey: readonly number[] = []) {
    this.#seed = seedWords("seed", seed);
    if (!Array.isArray(spawnKey)) throw new OptionError(expectation("spawnKey", "an array of integers", spawnKey));
    this.#spawnKey = spawnKey.length === 0 ? [] : seedWords("spawnKey", spawnKey);
    this.#bits = new Pcg64(generateState(this.#seed, this.#spawnKey, SEED_STATE_WORDS));
  }

  /**
   * A stream for each of many seeds, `seeds.map((seed) => new Random(seed))`, in memory side by side: drawing from now
   * one and now another of thousands is several times as fast.
   *
   * @throws OptionError where `seeds` is no array, or a seed is none.
   */
  static streams(seeds: readonly Seed[]): Random[] {
    if (!Array.isArray(seeds)) throw new OptionError(expectation("seeds", "an array of seeds", seeds));
    const words = new Uint32Array(seeds.length * PCG64_WORDS);
    return seeds.map((seed, i) => {
      const random = new Random(seed);
      random.#bits.moveTo(words, i * PCG64_WORDS);
      return random;
    });
  }

  /**
   * An independent stream of the same seed, named. It depends on the seed and on the names from the first stream to it,
   * not on what has been drawn; nothing is drawn from this stream.
   *
   * The spawn key is this stream's, then the name's length, then its UTF-16 code units two a word; no two paths of names
   * have the same.
   *
   * @param name - Any non-empty string.
   * @throws OptionError where the name is empty or no string.
   */
  split(name: string): Random {
    return new Random(this.#seed, [...this.#spawnKey, ...streamKey(requireString("name", name))]);
  }

  /** A uniform draw from [0, 1), a multiple of 2⁻⁵³. NumPy's `random()`. */
  random(): number {
    return unitUniform(this.#bits);
  }

  /**
   * A uniform draw from [low, high): low + (high − low)·u with u from [0, 1). Rounding may make it high itself.
   *
   * @throws OptionError unless low ≤ high and high − low is finite.
   */
  uniform(low: number, high: number): number {
    const range = high - low;
    if (!(range >= 0 && range < Infinity)) throw badRange(low, high);
    return low + range * unitUniform(this.#bits);
  }

  /**
   * A uniform integer from 0 … n − 1. NumPy's `integers(n)`; n = 1 takes nothing from the stream.
   *
   * @param n - An integer in [1, 2⁵³ − 1].
   * @throws OptionError for any other n.
   */
  integer(n: number): number {
    if (!(Number.isSafeInteger(n) && n > 0)) requireInteger("n", n, { least: 1 });
    return boundedInteger(this.#bits, n);
  }

  /**
   * A uniform integer from low … high − 1. NumPy's `integers(low, high)`.
   *
   * @param low - An integer.
   * @param high - An integer above low; high − low below 2⁵³.
   * @throws OptionError where they are anything else.
   */
  integerBetween(low: number, high: number): number {
    requireInteger("low", low);
    requireInteger("high", high, { above: low });
    return low + boundedInteger(this.#bits, requireInteger("high - low", high - low));
  }

  /** A draw from the normal distribution of mean 0 and variance 1. NumPy's `standard_normal()`. */
  standardNormal(): number {
    return standardNormal(this.#bits);
  }

  /**
   * The numbers 0 … n − 1 in a random order, each order as likely. NumPy's `permutation(n)`.
   *
   * @param n - An integer in [0, 2³¹ − 1].
   * @returns A new array of length n.
   * @throws OptionError for any other n.
   */
  permutation(n: number): Int32Array {
    requireInteger("n", n, { least: 0, most: 2 ** 31 - 1 });
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    this.shuffle(order);
    return order;
  }

  /**
   * Puts the elements into a random order, in place (Fisher and Yates, from the last element down). Uses the stream as
   * `permutation(values.length)` does.
   *
   * @throws OptionError where `values` is no Int32Array.
   */
  shuffle(values: Int32Array): void {
    if (!(values instanceof Int32Array)) throw new OptionError(expectation("values", "an Int32Array", values));
    for (let i = values.length - 1; i > 0; i--) {
      const j = maskedInteger(this.#bits, i);
      const value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }

  /**
   * Fills an array with {@link random} draws, in order.
   *
   * @param out - Float64Array, or Float32Array: there each draw is rounded to float32, except that one which would round
   *   to 1 becomes 1 − 2⁻²⁴, so that all are below 1.
   * @throws OptionError where `out` is neither.
   */
  fillRandom(out: Float32Array | Float64Array): void {
    requireFloatArray(out);
    const most = out instanceof Float32Array ? BELOW_ONE : 1;
    for (let i = 0; i < out.length; i++) out[i] = Math.min(unitUniform(this.#bits), most);
  }

  /**
   * Fills an array with {@link standardNormal} draws, in order.
   *
   * @param out - Float64Array, or Float32Array: there each draw is rounded to float32.
   * @throws OptionError where `out` is neither.
   */
  fillStandardNormal(out: Float32Array | Float64Array): void {
    requireFloatArray(out);
    for (let i = 0; i < out.length; i++) out[i] = standardNormal(this.#bits);
  }

  /** Where the stream stands, as plain JSON: {@link fromState} continues from there, and splits alike. */
  state(): RandomState {
    return {
      seed: [...this.#seed],
      spawnKey: [...this.#spawnKey],
      state: Array.from(this.#bits.state, hexadecimal).toReversed().join(""),
      spare: this.#bits.spare,
    };
  }

  /**
   * A stream that stands where another stood when {@link Random.state} was called.
   *
   * @throws FormatError where the state is damaged.
   */
  static fromState(state: RandomState): Random {
    const random = new Random(0);
    random.restore(state);
    return random;
  }

  /**
   * Makes this stream the one whose {@link Random.state} is given, its seed and names included.
   *
   * @throws FormatError where the state is damaged; this stream is then unchanged.
   */
  restore(state: RandomState): void {
    const parsed = parseRandomState("state", state);
    const random = new Random(parsed.seed, parsed.spawnKey);
    const bits = random.#bits;
    for (let i = 0; i < 4; i++) bits.state[3 - i] = Number.parseInt(parsed.state.slice(8 * i, 8 * i + 8), 16);
    bits.spare = parsed.spare;
    this.copy(random);
  }

  /**
   * Makes this stream stand where another one stands, its seed and names included. Both then go on alike, each by itself.
   *
   * @throws OptionError where `other` is no stream.
   */
  copy(other: Random): void {
    if (!(other instanceof Random)) throw new OptionError(expectation("other", "a Random stream", other));
    this.#seed = other.#seed;
    this.#spawnKey = other.#spawnKey;
    this.#bits.copy(other.#bits);
  }
}

function hexadecimal(word: number): string {
  return word.toString(16).padStart(8, "0");
}

function requireFloatArray(out: unknown): void {
  if (out instanceof Float32Array || out instanceof Float64Array) return;
  throw new OptionError(expectation("out", "a Float32Array or Float64Array", out));
}

function badRange(low: unknown, high: unknown): OptionError {
  if (typeof low !== "number" || !Number.isFinite(low)) {
    return new OptionError(expectation("low", "a finite number", low));
  }
  return new OptionError(expectation("high", `a finite number ≥ ${low}`, high));
}
