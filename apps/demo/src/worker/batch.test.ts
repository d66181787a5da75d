import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Batch } from "./batch.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("items arrive together, in order, after a while", () => {
  const delivered: (readonly number[])[] = [];
  const batch = new Batch<number>((items) => delivered.push(items), 100);
  batch.add(1);
  vi.advanceTimersByTime(60);
  batch.add(2);
  expect(delivered).toEqual([]);
  vi.advanceTimersByTime(40);
  expect(delivered).toEqual([[1, 2]]);
  batch.add(3);
  vi.advanceTimersByTime(100);
  expect(delivered).toEqual([[1, 2], [3]]);
});

test("flushing delivers at once, and nothing twice or empty", () => {
  const delivered: (readonly number[])[] = [];
  const batch = new Batch<number>((items) => delivered.push(items), 100);
  batch.flush();
  batch.add(1);
  batch.flush();
  vi.advanceTimersByTime(1000);
  expect(delivered).toEqual([[1]]);
});
