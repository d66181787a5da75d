import { OptionError, Random } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectClose, sum } from "../../test/mdps.js";
import { chainMdp, discountedVisitation, gridWorld, policyIteration, randomMdp } from "../index.js";

describe("chainMdp", () => {
  test("three states that slip now and then", () => {
    const { transition, reward, initial } = chainMdp({ states: 3, slip: 0.25, gamma: 0.9 });
    expectClose(transition, [
      0.75, 0.25, 0, 0.25, 0.75, 0,
      0.75, 0, 0.25, 0.25, 0, 0.75,
      0, 0.75, 0.25, 0, 0.25, 0.75,
    ]);
    expect([...reward]).toEqual([0, 0, 0, 0, 0, 1]);
    expect([...initial]).toEqual([1, 0, 0]);
  });

  test("the optimal values are γ^{n−1−s}/(1 − γ)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 95 }), (states, percent) => {
        const gamma = percent / 100;
        const powers = Float64Array.from({ length: states }, () => 1 / (1 - gamma));
        for (let s = states - 2; s >= 0; s--) powers[s] = gamma * powers[s + 1];
        expectClose(policyIteration(chainMdp({ states, gamma })).value, powers);
      }),
    );
  });

  test("errors name the option", () => {
    expect(() => chainMdp({ states: 1, gamma: 0.5 })).toThrow("states: expected an integer ≥ 2, got 1");
    expect(() => chainMdp({ states: 2, slip: 1.5, gamma: 0.5 })).toThrow("slip: expected a finite number in [0, 1], got 1.5");
    expect(() => chainMdp({ states: 2, gamma: 1 })).toThrow("gamma: expected a finite number in [0, 1), got 1");
    expect(() => chainMdp({ states: 1e6, gamma: 0.5 })).toThrow(
      "states: expected at most 33554432 transition probabilities, got 1000000 · 2 · 1000000",
    );
  });
});

describe("gridWorld", () => {
  const map = ["S.", "#G"];

  test("moves stop at walls and edges, slip to the sides, and end in the goal", () => {
    const { states, actions, transition, reward, initial } = gridWorld({ map, slip: 0.2, stepReward: -0.1, gamma: 0.9 });
    expect([states, actions]).toEqual([4, 4]);
    const row = (s: number, a: number): number[] => [...transition.subarray((4 * s + a) * 4, (4 * s + a + 1) * 4)];
    expectClose(row(0, 1), [0.2, 0.8, 0, 0]); // right: to the edge above or the wall below, it stays
    expectClose(row(1, 2), [0.1, 0.1, 0, 0.8]); // down into the goal, or left, or against the edge
    expectClose(row(3, 0), [0, 0, 0, 1]);
    expectClose(reward.subarray(4, 8), [-0.1, 0, 0.7, 0]);
    expect([...reward.subarray(12)]).toEqual([0, 0, 0, 0]);
    expect([...initial]).toEqual([1, 0, 0, 0]);
  });

  test("no edge leads to the other side", () => {
    const { transition } = gridWorld({ map: ["S..", "...", "..G"], gamma: 0.9 });
    const staying = [[0, 3], [0, 0], [2, 1], [3, 3], [5, 1], [6, 2], [6, 3]];
    for (const [s, a] of staying) expect(transition[(4 * s + a) * 9 + s]).toBe(1);
  });

  test("on an open grid the optimal value is γ^(distance − 1)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 5 }), (height, width) => {
        const cells = Array.from({ length: height }, () => ".".repeat(width));
        const rows = [`S${cells[0].slice(1)}`, ...cells.slice(1, -1), `${cells[0].slice(1)}G`];
        const distance = (s: number): number => height - 1 - Math.floor(s / width) + width - 1 - (s % width);
        const { value } = policyIteration(gridWorld({ map: rows, gamma: 0.5 }));
        expectClose(value, value.map((_, s) => (distance(s) === 0 ? 0 : 0.5 ** (distance(s) - 1))));
      }),
    );
  });

  test("nothing visits a wall", () => {
    const world = gridWorld({ map: ["S#S", "...", "#.G"], slip: 0.5, gamma: 0.9 });
    const visitation = discountedVisitation(world, new Float64Array(36).fill(0.25));
    expect([visitation[1], visitation[6]]).toEqual([0, 0]);
    expect([...world.initial]).toEqual([0.5, 0, 0.5, 0, 0, 0, 0, 0, 0]);
  });

  test.each<[string, unknown, string]>([
    ["no array", "SG", 'map: expected an array of strings, got "SG"'],
    ["no rows", [], "map: expected at least one S, got none"],
    ["another character", ["SG", "?."], 'map[1]: expected a string of S, G, # and ., got "?."'],
    ["a number among the rows", ["SG", 3], "map[1]: expected a string of S, G, # and ., got 3"],
    ["rows of different lengths", ["SG", "..."], 'map[1]: expected 2 cells, got "..."'],
    ["no goal", ["S.", ".."], "map: expected at least one G, got none"],
  ])("refuses %s", (_, wrong, message) => {
    expect(() => gridWorld({ map: wrong as string[], gamma: 0.9 })).toThrow(OptionError);
    expect(() => gridWorld({ map: wrong as string[], gamma: 0.9 })).toThrow(message);
  });

  test("errors name the option", () => {
    expect(() => gridWorld({ map, slip: -1, gamma: 0.9 })).toThrow("slip: expected a finite number in [0, 1], got -1");
    expect(() => gridWorld({ map, stepReward: Number.NaN, gamma: 0.9 })).toThrow("stepReward: expected a finite number, got NaN");
    const vast = ["S".repeat(4000), "G".repeat(4000)];
    expect(() => gridWorld({ map: vast, gamma: 0.9 })).toThrow("map: expected at most 33554432 transition probabilities");
  });
});

describe("randomMdp", () => {
  test("a seed makes one process", () => {
    const make = (seed: number) => randomMdp({ states: 3, actions: 2, gamma: 0.9, random: new Random(seed) });
    expect(make(1)).toEqual(make(1));
    expect(make(1)).not.toEqual(make(2));
  });

  test("rows are uniform over distributions, rewards standard normal", () => {
    const { transition, reward } = randomMdp({ states: 3, actions: 4000, gamma: 0.9, random: new Random(3) });
    // Each probability has mean 1/3 and variance 1/18 (Dirichlet); 5 standard errors over 12,000 rows and rewards.
    expect(Math.abs(sum(transition.filter((_, i) => i % 3 === 0)) / 12_000 - 1 / 3)).toBeLessThan(5 * Math.sqrt(1 / 18 / 12_000));
    const spread = sum(transition.map((p) => (p - 1 / 3) ** 2)) / 36_000;
    expect(Math.abs(spread - 1 / 18)).toBeLessThan(0.003);
    expect(Math.abs(sum(reward) / 12_000)).toBeLessThan(5 / Math.sqrt(12_000));
    expect(Math.abs(sum(reward.map((r) => r * r)) / 12_000 - 1)).toBeLessThan(5 * Math.sqrt(2 / 12_000));
  });

  test("errors name the option", () => {
    const random = new Random(1);
    expect(() => randomMdp({ states: 2, actions: 0, gamma: 0.9, random })).toThrow("actions: expected an integer ≥ 1, got 0");
    expect(() => randomMdp({ states: 2, actions: 1, gamma: 0.9, random: 7 as never })).toThrow("random: expected a Random, got 7");
    expect(() => randomMdp({ states: 1e5, actions: 1, gamma: 0.9, random })).toThrow(
      "states: expected at most 33554432 transition probabilities, got 100000 · 1 · 100000",
    );
  });
});
