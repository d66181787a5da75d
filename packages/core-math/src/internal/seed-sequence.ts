import { OptionError } from "../errors.js";
import type { Seed } from "../random-state.js";
import { expectation } from "../require.js";

const POOL_WORDS = 4;
const SHIFT = 16;

/**
 * The pool of NumPy's SeedSequence (O'Neill 2015, "Developing a seed_seq alternative"): entropy words are hashed into
 * four 32-bit words so that each input bit reaches each output bit.
 *
 * @param seed - 32-bit words of the seed; see {@link seedWords}.
 * @param spawnKey - 32-bit words that tell streams of one seed apart.
 * @param count - How many 32-bit words to draw.
 * @returns `count` words, as `SeedSequence(seed, spawn_key=spawnKey).generate_state(count)` in NumPy.
 */
export function generateState(seed: readonly number[], spawnKey: readonly number[], count: number): Uint32Array {
  const pool = mixedPool(assembledEntropy(seed, spawnKey));
  const state = new Uint32Array(count);
  let constant = 0x8b51f9dd;
  for (let i = 0; i < count; i++) {
    let value = pool[i % POOL_WORDS] ^ constant;
    constant = Math.imul(constant, 0x58f38ded);
    value = Math.imul(value, constant);
    state[i] = value ^ (value >>> SHIFT);
  }
  return state;
}

/** Short seeds are padded before a spawn key, so that seed words and key words cannot be taken for one another. */
function assembledEntropy(seed: readonly number[], spawnKey: readonly number[]): number[] {
  const words = [...seed];
  while (spawnKey.length > 0 && words.length < POOL_WORDS) words.push(0);
  return [...words, ...spawnKey];
}

function mixedPool(entropy: readonly number[]): Uint32Array {
  const pool = new Uint32Array(POOL_WORDS);
  let constant = 0x43b0d7e5;
  const hashed = (word: number): number => {
    let value = word ^ constant;
    constant = Math.imul(constant, 0x931e8875);
    value = Math.imul(value, constant);
    return value ^ (value >>> SHIFT);
  };
  const mixInto = (target: number, word: number): void => {
    const value = Math.imul(pool[target], 0xca01f9dd) - Math.imul(hashed(word), 0x4973f715);
    pool[target] = value ^ (value >>> SHIFT);
  };
  for (let i = 0; i < POOL_WORDS; i++) pool[i] = hashed(entropy[i] ?? 0);
  for (let source = 0; source < POOL_WORDS; source++) {
    for (let target = 0; target < POOL_WORDS; target++) {
      if (source !== target) mixInto(target, pool[source]);
    }
  }
  for (let source = POOL_WORDS; source < entropy.length; source++) {
    for (let target = 0; target < POOL_WORDS; target++) mixInto(target, entropy[source]);
  }
  return pool;
}

/**
 * The 32-bit words of a seed, low word first, as NumPy takes them: an integer gives as few words as hold it (0 gives
 * one), a list gives its integers' words one after the other.
 *
 * @throws OptionError where the seed is not a non-negative integer, or not a non-empty list of such.
 */
export function seedWords(argument: string, seed: Seed): number[] {
  if (Array.isArray(seed)) {
    if (seed.length === 0) throw new OptionError(expectation(argument, "at least one integer", seed));
    return seed.flatMap((value: unknown, i) => integerWords(`${argument}[${i}]`, value));
  }
  return integerWords(argument, seed);
}

function integerWords(argument: string, value: unknown): number[] {
  const valid = typeof value === "bigint" ? value >= 0n : Number.isSafeInteger(value) && Number(value) >= 0;
  if (!valid) {
    const allowed = typeof value === "number" && value > 0 ? "an integer ≥ 0 (above 2⁵³ − 1, a bigint)" : "an integer ≥ 0";
    throw new OptionError(expectation(argument, allowed, value));
  }
  const words: number[] = [];
  let rest = BigInt(value as number | bigint);
  do {
    words.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return words;
}
