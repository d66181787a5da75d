import { assign, compile, input, Store, variable } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { expect, test } from "vitest";
import { towards } from "./towards.js";

test("an average over twenty thousand numbers in float32 is that in float64", () => {
  const [average, next, store] = [variable("average", [], 0), input("next", []), new Store()];
  const updates = [assign(average, towards(average, next, 1 - 0.999))];
  const program = compile({ inputs: { next }, updates, store });
  const random = new Random(1);
  let expected = 0;
  for (let k = 0; k < 20_000; k++) {
    const value = Math.fround(random.uniform(0.5, 1.5));
    expected += (1 - 0.999) * (value - expected);
    program.execute({ next: value });
  }
  expect(Math.abs(store.read(average)[0] / expected - 1)).toBeLessThan(5e-6);
});

test("an average of what stays 0 becomes 0, and never a denormal", () => {
  const [average, store] = [variable("average", [2], [1, -1]), new Store()];
  const program = compile({ inputs: {}, updates: [assign(average, towards(average, average.mul(0), 0.1))], store });
  let last = store.read(average);
  for (let k = 0; k < 1000; k++) {
    program.execute({});
    for (const value of store.read(average)) expect(value === 0 || Math.abs(value) >= 2 ** -126).toBe(true);
    last = store.read(average);
  }
  expect([...last].map(Math.abs)).toEqual([0, 0]);
});
