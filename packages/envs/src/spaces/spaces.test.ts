import { FormatError, OptionError, Random, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { box } from "./box.js";
import { dictionary } from "./dictionary.js";
import { discrete } from "./discrete.js";
import { flatBox, flattenPoint } from "./flatten.js";
import type { KindOfSpace } from "./kind-of-space.js";
import { multiBinary } from "./multi-binary.js";
import { multiDiscrete } from "./multi-discrete.js";
import { type AnySpace, spaceFromJSON } from "./space.js";
import { tuple } from "./tuple.js";

const counts = fc.integer({ min: 1, max: 5 });
const simple: fc.Arbitrary<AnySpace> = fc.oneof(
  counts.map(discrete),
  fc.tuple(fc.integer({ min: -9, max: 0 }), counts).map(([low, width]) => box({ low, high: low + width })),
  fc.array(counts, { minLength: 1, maxLength: 3 }).map(multiDiscrete),
  counts.map(multiBinary),
);
const spaces: fc.Arbitrary<AnySpace> = fc.letrec<{ any: AnySpace; parts: AnySpace[] }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    simple,
    tie("parts").map((parts) => tuple(parts as readonly KindOfSpace<unknown>[])),
    tie("parts").map((parts) => dictionary(Object.fromEntries(parts.map((part, i) => [`part${9 - i}`, part])))),
  ),
  parts: fc.array(tie("any"), { minLength: 1, maxLength: 3 }),
})).any;

const throughText = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test("a hand of cards, and a car with gears", () => {
  const hand = tuple([discrete(32), discrete(11), discrete(2)]);
  const [sum, card, ace] = hand.sample(new Random(1));
  expect(hand.contains([sum, card, ace])).toBe(true);
  const car = dictionary({ speed: box({ low: 0, high: 50 }), gear: discrete(5), doors: multiBinary(4) });
  expect(Object.keys(car.sample(new Random(1)))).toEqual(["doors", "gear", "speed"]);
  expect(car.contains({ gear: 4, speed: Float32Array.of(12), doors: Int32Array.of(0, 1, 1, 0) })).toBe(true);
});

describe("laws of all spaces", () => {
  test("every sample is contained, and one seed gives one sequence", () => {
    fc.assert(
      fc.property(spaces, fc.nat(), (space, seed) => {
        const [first, second] = [new Random(seed), new Random(seed)];
        for (let i = 0; i < 5; i++) {
          const sample = space.sample(first);
          expect(space.contains(sample)).toBe(true);
          expect(space.sample(second)).toEqual(sample);
        }
        expect(first.state()).toEqual(second.state());
      }),
    );
  });

  test("a space comes back from JSON equal, and equals no other", () => {
    fc.assert(
      fc.property(spaces, spaces, (space, other) => {
        const copy = spaceFromJSON(throughText(space));
        expect([copy.equals(space), space.equals(copy)]).toEqual([true, true]);
        expect(space.equals(other)).toBe(JSON.stringify(space) === JSON.stringify(other));
        expect(other.equals(space)).toBe(space.equals(other));
      }),
    );
  });

  test("points become vectors of the flat box, different ones different vectors", () => {
    fc.assert(
      fc.property(spaces, fc.nat(), (space, seed) => {
        const random = new Random(seed);
        const [a, b] = [space.sample(random), space.sample(random)];
        const flat = flatBox(space);
        const [first, second] = [flattenPoint(space as KindOfSpace<unknown>, a), new Float32Array(flat.size).fill(7)];
        expect(flat.contains(first)).toBe(true);
        expect(flattenPoint(space as KindOfSpace<unknown>, b, second)).toBe(second);
        expect(first.every((value, i) => value === second[i])).toBe(
          JSON.stringify(throughText(a)) === JSON.stringify(throughText(b)),
        );
      }),
    );
  });

  test("nothing else is a point", () => {
    const nothing: readonly unknown[] = [null, undefined, "0", -1, 0.5, Number.NaN, [], {}, [null], { a: 1 }];
    const arrays = [Int32Array.of(-1), Int32Array.of(-1, 0), Float32Array.of(Number.NaN), Uint8Array.of(1)];
    fc.assert(
      fc.property(spaces, (space) => {
        for (const value of [...nothing, ...arrays]) expect(space.contains(value)).toBe(false);
      }),
    );
  });
});

describe("masks", () => {
  test("only what is allowed is drawn", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), fc.nat(), (flags, seed) => {
        const mask = Int32Array.from([...flags.map(Number), 1]);
        const random = new Random(seed);
        for (let i = 0; i < 10; i++) {
          expect(mask[discrete(mask.length).sample(random, mask)]).toBe(1);
          const [choice] = multiDiscrete([mask.length, 2]).sample(random, [mask, undefined]);
          expect(mask[choice]).toBe(1);
        }
      }),
    );
  });

  test("every allowed choice is drawn, as often as the others", () => {
    const [random, drawn] = [new Random(3), [0, 0, 0, 0]];
    for (let i = 0; i < 3000; i++) drawn[discrete(4).sample(random, [1, 0, 1, 1])] += 1;
    expect(drawn[1]).toBe(0);
    for (const i of [0, 2, 3]) expect(Math.abs(drawn[i] - 1000)).toBeLessThan(100);
  });

  test("bits are set, cleared or free", () => {
    const random = new Random(5);
    const samples = Array.from({ length: 200 }, () => multiBinary(3).sample(random, [0, 1, 2]));
    expect(samples.every((sample) => sample[0] === 0 && sample[1] === 1)).toBe(true);
    expect(new Set(samples.map((sample) => sample[2])).size).toBe(2);
  });

  test("spaces of spaces pass a mask on to each part", () => {
    const random = new Random(5);
    const pair = tuple([discrete(3), box({ low: 0, high: 1 })]);
    const named = dictionary({ b: discrete(3), a: multiBinary(2) });
    for (let i = 0; i < 20; i++) {
      expect(pair.sample(random, [[0, 1, 0], undefined])[0]).toBe(1);
      expect(named.sample(random, { b: [0, 0, 1] }).b).toBe(2);
    }
  });

  test("masks that do not fit are refused", () => {
    const random = new Random(0);
    expect(() => discrete(2).sample(random, [0, 0])).toThrow("mask: expected at least one allowed choice, got none");
    expect(() => discrete(2).sample(random, [0, 2])).toThrow("mask[1]: expected 0 or 1, got 2");
    expect(() => discrete(2).sample(random, [1])).toThrow(ShapeError);
    expect(() => multiDiscrete([2, 2]).sample(random, [[1, 1]])).toThrow(ShapeError);
    expect(() => multiDiscrete([2, 2]).sample(random, [[1, 1], [0, 0]])).toThrow("mask[1]: expected at least one");
    expect(() => multiBinary(2).sample(random, [3, 0])).toThrow("mask[0]: expected 0, 1 or 2, got 3");
    expect(() => box({ low: 0, high: 1 }).sample(random, [1] as unknown as undefined)).toThrow("mask: expected none");
    expect(() => tuple([discrete(2)]).sample(random, { a: [1] })).toThrow("mask: expected a list of 1 masks");
    expect(() => tuple([discrete(2)]).sample(random, [undefined, undefined])).toThrow(ShapeError);
    expect(() => dictionary({ a: discrete(2) }).sample(random, { b: [1, 1] })).toThrow(
      "mask: expected masks of the spaces, got b",
    );
  });
});

test("a flat vector holds indicators, bits and numbers, part after part", () => {
  const space = dictionary({ z: discrete(3), a: tuple([multiBinary(2), box({ low: -2, high: 2 })]) });
  const point = { z: 1, a: [Int32Array.of(1, 0), Float32Array.of(-1.5)] as const };
  expect([...flattenPoint(space as KindOfSpace<unknown>, point)]).toEqual([1, 0, -1.5, 0, 1, 0]);
  expect([...flatBox(space).low]).toEqual([0, 0, -2, 0, 0, 0]);
  expect([...flattenPoint(multiDiscrete([2, 3]), Int32Array.of(1, 2))]).toEqual([0, 1, 0, 0, 1]);
});

test("what makes no space", () => {
  expect(() => multiDiscrete([])).toThrow("counts: expected at least one number, got []");
  expect(() => multiDiscrete([2, 0])).toThrow(new OptionError("counts[1]: expected an integer in [1, 2147483647], got 0"));
  expect(() => multiDiscrete(3 as unknown as number[])).toThrow(OptionError);
  expect(() => multiBinary(1.5)).toThrow(OptionError);
  expect(() => tuple([])).toThrow("spaces: expected a list of at least one space, got []");
  expect(() => tuple([5 as unknown as KindOfSpace<number>])).toThrow("spaces[0]: expected a space, got 5");
  expect(() => dictionary({})).toThrow("spaces: expected at least one space, got none");
  expect(() => dictionary({ a: {} as KindOfSpace<number> })).toThrow("spaces.a: expected a space, got an object");
  expect(() => flatBox({} as KindOfSpace<number>)).toThrow("space: expected a space, got an object");
  expect(() => flattenPoint(discrete(2), 2)).toThrow("point: expected a point of the discrete space, got 2");
  expect(() => flattenPoint(discrete(2), 1, new Float32Array(3))).toThrow(ShapeError);
});

test("JSON of no space", () => {
  const damaged: readonly unknown[] = [
    null,
    {},
    { kind: "toString" },
    { kind: "multi-discrete" },
    { kind: "multi-discrete", counts: [] },
    { kind: "multi-discrete", counts: ["2"] },
    { kind: "multi-binary", size: 0 },
    { kind: "tuple", spaces: [] },
    { kind: "tuple", spaces: [{ kind: "box" }] },
    { kind: "dictionary", spaces: [] },
    { kind: "dictionary", spaces: { a: 5 } },
  ];
  for (const json of damaged) expect(() => spaceFromJSON(json)).toThrow(FormatError);
});
