import fc from "fast-check";
import { expect, test } from "vitest";
import { History } from "./history.js";

function filled(count: number, most: number): History<"x" | "y"> {
  const history = new History<"x" | "y">(most);
  for (let x = 0; x < count; x++) history.push({ x, y: 2 * x });
  return history;
}

test("a few rows are all there", () => {
  const history = filled(3, 4);
  history.push({ x: 3, y: NaN });
  expect(history.column("x")).toEqual([0, 1, 2, 3]);
  expect(history.column("y")).toEqual([0, 2, 4, null]);
});

test("of too many, every second stays, and the newest", () => {
  expect(filled(5, 4).column("x")).toEqual([0, 2, 4]);
  expect(filled(8, 4).column("x")).toEqual([0, 2, 4, 6, 7]);
  expect(filled(10, 4).column("x")).toEqual([0, 4, 8, 9]);
});

test("whatever is pushed: few rows, evenly spread, the first and the newest among them", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 2, max: 20 }), (count, most) => {
      const history = filled(count, most);
      const xs = history.column("x") as number[];
      expect(xs.length).toBeLessThanOrEqual(most + 1);
      expect([xs[0], xs.at(-1)]).toEqual([0, count - 1]);
      const gaps = xs.slice(1, -1).map((x, i) => x - xs[i]);
      expect(new Set(gaps).size).toBeLessThanOrEqual(1);
      expect(history.column("y")).toEqual(xs.map((x) => 2 * x));
    }),
  );
});

test("cleared, it begins anew", () => {
  const history = filled(100, 4);
  history.clear();
  history.push({ x: 7, y: 1 });
  history.push({ x: 8, y: 1 });
  expect(history.column("x")).toEqual([7, 8]);
});
