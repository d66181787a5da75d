import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError, OptionError } from "./errors.js";
import { streamKey } from "./internal/stream-key.js";
import { Random } from "./random.js";
import type { RandomState } from "./random-state.js";

type Draws = readonly number[];

interface Gymnasium {
  readonly seeds: Readonly<Record<string, { readonly steps: readonly [string, readonly (number | string)[]][] }>>;
}

interface NumPy {
  readonly seeds: readonly {
    readonly seed: string | readonly string[];
    readonly spawnKey: Draws;
    readonly random: Draws;
  }[];
  readonly integers: { readonly seed: number; readonly n: Draws; readonly draws: Draws; readonly random: number };
  readonly integersBetween: {
    readonly seed: number;
    readonly bounds: readonly [number, number][];
    readonly draws: Draws;
  };
  readonly rejections: { readonly seed: number; readonly n: number; readonly draws: Draws; readonly random: number };
  readonly normals: {
    readonly seed: number;
    readonly count: number;
    readonly sum: number;
    readonly sumOfSquares: number;
    readonly beyondTailStart: Draws;
    readonly random: number;
  };
  readonly permutations: {
    readonly seed: number;
    readonly sizes: Draws;
    readonly orders: readonly Draws[];
    readonly random: number;
  };
  readonly state: { readonly seed: number; readonly state: string; readonly spare: number };
}

const gymnasium = reference("gymnasium-rng.json") as Gymnasium;
const numpy = reference("numpy-random.json") as NumPy;

test("one seed, one stream; a name, another", () => {
  const random = new Random(1);
  const policy = random.split("policy");
  expect(random.random()).toBe(0.5118216247002567);
  expect(random.integer(6)).toBe(4);
  expect(policy.random()).toBe(new Random(1).split("policy").random());
});

describe("laws", () => {
  test("uniform draws lie in [0, 1) and are multiples of 2⁻⁵³", () => {
    const random = new Random(2);
    const values = Array.from({ length: 10_000 }, () => random.random());
    expect(values.filter((value) => !(value >= 0 && value < 1 && Number.isInteger(value * 2 ** 53)))).toEqual([]);
  });

  test("integers reach all values below n, none other, equally often", () => {
    const random = new Random(3);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (n) => {
        const counts = new Int32Array(n);
        for (let i = 0; i < 200 * n; i++) counts[random.integer(n)] += 1;
        // Chi-squared with n − 1 degrees of freedom; 80 is beyond its 1 − 1e-8 quantile for n = 20.
        const chiSquared = counts.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
        expect(chiSquared).toBeLessThan(80);
      }),
    );
  });

  test("a permutation holds each number once, and shuffle uses the stream alike", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(300), (seed, n) => {
        const order = new Random(seed).permutation(n);
        expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        const values = Int32Array.from({ length: n }, (_, i) => i);
        new Random(seed).shuffle(values);
        expect(values).toEqual(order);
      }),
    );
  });

  test("filling an array is drawing one by one", () => {
    const filled = new Float64Array(100);
    new Random(4).fillRandom(filled);
    const one = new Random(4);
    expect(Array.from(filled)).toEqual(Array.from(filled, () => one.random()));
    const single = new Float32Array(100);
    new Random(4).fillRandom(single);
    expect(single).toEqual(Float32Array.from(filled));
    new Random(4).fillStandardNormal(filled);
    const other = new Random(4);
    expect(Array.from(filled)).toEqual(Array.from(filled, () => other.standardNormal()));
  });

  test("a float32 that would round to 1 stays below it", () => {
    const almostOne = "ffffffffffffffff0000000000000000";
    const draws = new Float32Array(1);
    const random = Random.fromState(stateWithNextOutput(almostOne));
    random.fillRandom(draws);
    expect(draws[0]).toBe(1 - 2 ** -24);
  });

  test("normals have the normal's moments", () => {
    const n = 200_000;
    const values = new Float64Array(n);
    new Random(5).fillStandardNormal(values);
    const moment = (power: number): number => values.reduce((sum, x) => sum + x ** power, 0) / n;
    // Five standard errors each: √(1/n), √(2/n), √(15/n), √(96/n).
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  test("a stream restored from its state goes on as the first, and splits alike", () => {
    const draw = fc.constantFrom("random", "integer", "normal", "split");
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 200n }), fc.array(draw, { maxLength: 20 }), (seed, draws) => {
        const random = new Random(seed).split("a");
        for (const name of draws) {
          if (name === "random") random.random();
          if (name === "integer") random.integer(10);
          if (name === "normal") random.standardNormal();
          if (name === "split") random.split("b");
        }
        const copy = Random.fromState(JSON.parse(JSON.stringify(random.state())) as RandomState);
        expect(copy.state()).toEqual(random.state());
        expect([copy.integer(9), copy.integer(9), copy.random()]).toEqual([
          random.integer(9),
          random.integer(9),
          random.random(),
        ]);
        expect(copy.split("c").random()).toBe(random.split("c").random());
      }),
    );
  });
});

describe("many streams", () => {
  const draws = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.constantFrom("random", "integer", "normal", "copy")), {
    maxLength: 30,
  });

  test("side by side in memory, each is the stream of its seed", () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat(), { minLength: 4, maxLength: 4 }), draws, (seeds, steps) => {
        const [together, apart] = [Random.streams(seeds), seeds.map((seed) => new Random(seed))];
        for (const [index, name] of steps) {
          const drawn = [together, apart].map((streams) => {
            if (name === "copy") streams[index].copy(streams[3]);
            return name === "integer" ? streams[index].integer(10) : streams[index].standardNormal();
          });
          expect(drawn[0]).toBe(drawn[1]);
        }
        expect(together.map((random) => random.state())).toEqual(apart.map((random) => random.state()));
      }),
    );
  });

  test("a copy goes on like the other, and by itself", () => {
    const [random, other] = [new Random(1), new Random(2).split("a")];
    other.integer(10);
    random.copy(other);
    const next = random.integer(10);
    expect(random.state()).not.toEqual(other.state());
    expect(other.integer(10)).toBe(next);
    expect(random.state()).toEqual(other.state());
  });

  test("none of anything else", () => {
    expect(() => Random.streams(3 as never)).toThrow(new OptionError("seeds: expected an array of seeds, got 3"));
    expect(() => Random.streams([1, -1])).toThrow(OptionError);
    expect(() => new Random(1).copy({} as never)).toThrow(OptionError);
  });
});

describe("named streams", () => {
  test("a name's spawn key goes behind its stream's", () => {
    const split = new Random(1, [5]).split("ab").split("c");
    expect(split.state().spawnKey).toEqual([5, ...streamKey("ab"), ...streamKey("c")]);
    expect(split.random()).toBe(new Random(1, split.state().spawnKey).random());
  });

  test("splitting draws nothing, and does not depend on what was drawn", () => {
    const random = new Random(6);
    const before = random.split("x").random();
    const state = random.state();
    random.split("y");
    expect(random.state()).toEqual(state);
    random.random();
    expect(random.split("x").random()).toBe(before);
  });

  // 24 streams of one seed and of neighbouring seeds, all pairs, at lags −2 … 2: 1,380 coefficients, each normal with
  // variance 1/n under independence. Six standard deviations make a false alarm 3e-6 likely; the seed is fixed.
  test("streams do not correlate", () => {
    const n = 20_000;
    const root = new Random(7);
    const names = Array.from({ length: 18 }, (_, i) => String(i));
    const streams = [
      root,
      new Random(8),
      root.split("a").split("b"),
      root.split("ab"),
      root.split("ba"),
      new Random(8).split("0"),
      ...names.map((name) => root.split(name)),
    ].map((stream) => Float64Array.from({ length: n }, () => (stream.random() - 0.5) * Math.sqrt(12)));
    let largest = 0;
    for (const [i, a] of streams.entries()) {
      for (const b of streams.slice(i + 1)) {
        for (let lag = -2; lag <= 2; lag++) largest = Math.max(largest, Math.abs(correlation(a, b, lag)));
      }
    }
    expect(largest).toBeLessThan(6 / Math.sqrt(n));
    expect(largest).toBeGreaterThan(2 / Math.sqrt(n));
  });
});

describe("NumPy's draws", () => {
  test.each(Object.entries(gymnasium.seeds))("Gymnasium's generator of seed %s", (seed, { steps }) => {
    const random = new Random(BigInt(seed));
    for (const [call, expected] of steps) {
      const draws = drawsOf(random, call, expected.length);
      if (call === "standard_normal") expectClose(draws, expected.map(Number), 1e-13);
      else if (call === "raw64") expect(draws).toEqual(expected.map((raw) => Number(BigInt(raw) >> 11n) * 2 ** -53));
      else expect(draws).toEqual(expected);
    }
  });

  test.each(numpy.seeds)("seed $seed with spawn key $spawnKey", ({ seed, spawnKey, random }) => {
    const stream = new Random(typeof seed === "string" ? BigInt(seed) : seed.map(Number), spawnKey);
    expect(random.map(() => stream.random())).toEqual(random);
  });

  test("integers of every range", () => {
    const { seed, n, draws, random } = numpy.integers;
    const stream = new Random(seed);
    expect(n.map((count) => stream.integer(Math.min(count, Number.MAX_SAFE_INTEGER)))).toEqual(draws);
    expect(stream.random()).toBe(random);
  });

  test("integers between bounds", () => {
    const { seed, bounds, draws } = numpy.integersBetween;
    const stream = new Random(seed);
    expect(draws.map((_, i) => stream.integerBetween(...bounds[i % bounds.length]))).toEqual(draws);
  });

  test("integers whose range rejects a quarter of the draws", () => {
    const { seed, n, draws, random } = numpy.rejections;
    const stream = new Random(seed);
    expect(draws.map(() => stream.integer(n))).toEqual(draws);
    expect(stream.random()).toBe(random);
  });

  test("200,000 normals use the stream identically, tails included", () => {
    const { seed, count, sum, sumOfSquares, beyondTailStart, random } = numpy.normals;
    const stream = new Random(seed);
    const values = new Float64Array(count);
    stream.fillStandardNormal(values);
    expectClose([...values].filter((x) => Math.abs(x) > 3.6541528853610088), beyondTailStart, 1e-13);
    expectClose([values.reduce((a, x) => a + x, 0), values.reduce((a, x) => a + x * x, 0)], [sum, sumOfSquares], 1e-10);
    expect(stream.random()).toBe(random);
  });

  test("permutations", () => {
    const { seed, sizes, orders, random } = numpy.permutations;
    const stream = new Random(seed);
    expect(sizes.map((size) => Array.from(stream.permutation(size)))).toEqual(orders);
    expect(stream.random()).toBe(random);
  });

  test("the state's 128 bits and spare half", () => {
    const stream = new Random(numpy.state.seed);
    stream.integer(5);
    stream.random();
    expect(stream.state()).toEqual({
      seed: [numpy.state.seed],
      spawnKey: [],
      state: numpy.state.state,
      spare: numpy.state.spare,
    });
  });
});

describe("errors", () => {
  test.each<[string, () => unknown]>([
    ["seed: expected an integer ≥ 0, got -1", () => new Random(-1)],
    ["seed: expected an integer ≥ 0 (above 2⁵³ − 1, a bigint), got 0.5", () => new Random(0.5)],
    ["seed: expected an integer ≥ 0, got NaN", () => new Random(Number.NaN)],
    ["seed: expected an integer ≥ 0 (above 2⁵³ − 1, a bigint), got 9007199254740992", () => new Random(2 ** 53)],
    ["seed: expected an integer ≥ 0, got -1n", () => new Random(-1n)],
    ['seed: expected an integer ≥ 0, got "1"', () => new Random("1" as unknown as number)],
    ["seed: expected at least one integer, got []", () => new Random([])],
    ["seed[1]: expected an integer ≥ 0, got -2", () => new Random([1, -2])],
    ["spawnKey: expected an array of integers, got 3", () => new Random(1, 3 as unknown as number[])],
    ['name: expected a non-empty string, got ""', () => new Random(1).split("")],
    ["n: expected an integer ≥ 1, got 0", () => new Random(1).integer(0)],
    ["n: expected an integer ≥ 1, got 2.5", () => new Random(1).integer(2.5)],
    ["n: expected an integer ≥ 1, got NaN", () => new Random(1).integer(Number.NaN)],
    ["high: expected an integer > 3, got 3", () => new Random(1).integerBetween(3, 3)],
    [
      "high - low: expected an integer, got 18014398509481982",
      () => new Random(1).integerBetween(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    ],
    ["high: expected a finite number ≥ 1, got 0", () => new Random(1).uniform(1, 0)],
    ["high: expected a finite number ≥ 0, got NaN", () => new Random(1).uniform(0, Number.NaN)],
    ["low: expected a finite number, got -Infinity", () => new Random(1).uniform(-Infinity, 0)],
    ["n: expected an integer in [0, 2147483647], got -1", () => new Random(1).permutation(-1)],
    ["values: expected an Int32Array, got [1]", () => new Random(1).shuffle([1] as unknown as Int32Array)],
    ["out: expected a Float32Array or Float64Array, got [1]", () => new Random(1).fillRandom([1] as unknown as Float64Array)],
  ])("%s", (message, call) => {
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
  });

  test.each<[string, unknown]>([
    ["state: expected an object, got null", null],
    ["state.seed: expected one or more 32-bit integers, got undefined", {}],
    ["state.seed: expected one or more 32-bit integers, got [-1]", { seed: [-1] }],
    ["state.spawnKey: expected an array of 32-bit integers, got 0", { seed: [1], spawnKey: 0 }],
    ['state.state: expected 32 hexadecimal digits, got "12"', { seed: [1], spawnKey: [], state: "12" }],
    [
      "state.spare: expected a 32-bit integer or null, got undefined",
      { seed: [1], spawnKey: [], state: "0".repeat(32) },
    ],
  ])("%s", (message, state) => {
    const random = new Random(1);
    const before = random.state();
    const call = (): void => random.restore(state as RandomState);
    expect(call).toThrow(FormatError);
    expect(call).toThrow(message);
    expect(random.state()).toEqual(before);
  });
});

function reference(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`../test/reference/${file}`, import.meta.url), "utf8"));
}

function correlation(a: Float64Array, b: Float64Array, lag: number): number {
  let sum = 0;
  const first = Math.max(0, -lag);
  const end = Math.min(a.length, a.length - lag);
  for (let i = first; i < end; i++) sum += a[i] * b[i + lag];
  return sum / (end - first);
}

function drawsOf(random: Random, call: string, count: number): number[] {
  const ranges = [2, 3, 7, 10, 300, 5, 1_000_000, 2];
  if (call === "permutation(10)") return Array.from(random.permutation(10));
  return Array.from({ length: count }, (_, i) => {
    if (call === "uniform(-0.05,0.05)") return random.uniform(-0.05, 0.05);
    if (call.startsWith("integers(n)")) return random.integer(ranges[i]);
    if (call === "integers(0,6,size=7)") return random.integerBetween(0, 6);
    return call === "standard_normal" ? random.standardNormal() : random.random();
  });
}

function expectClose(actual: readonly number[], expected: readonly number[], relative: number): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(relative * Math.abs(value));
  }
}

/** A state after whose next step the output is the given folded 128 bits: one step back of the generator. */
function stateWithNextOutput(next: string): RandomState {
  const mask = (1n << 128n) - 1n;
  const words = [...new Random(0).state().seed];
  const multiplier = 0x2360ed051fc65da44385df649fccf645n;
  let inverse = multiplier;
  for (let i = 0; i < 7; i++) inverse = (inverse * (2n - multiplier * inverse)) & mask;
  const start = { seed: words, spawnKey: [], spare: null };
  const zero = Random.fromState({ ...start, state: "0".repeat(32) });
  zero.random();
  const increment = BigInt(`0x${zero.state().state}`);
  const before = ((BigInt(`0x${next}`) - increment) * inverse) & mask;
  return { ...start, state: before.toString(16).padStart(32, "0") };
}
