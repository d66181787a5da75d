import { Store, variable } from "@uphill/autodiff";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SharedBudget } from "./shared-budget.js";
import { sharedMemory } from "./shared-memory.js";
import { SharedParameters } from "./shared-parameters.js";

/** Workers of one memory, each with a store of one parameter, one average and one other variable, of two numbers each. */
function crewOf(workers: number) {
  const sides = Array.from({ length: workers }, () => {
    const [parameter, average, other] = ["policy/bias", "rmsProp/policy/bias", "observation/mean"].map((name) => variable(name, [2], 0));
    const store = new Store();
    for (const one of [parameter, average, other]) store.adopt(one);
    return { store, parameter, average, other };
  });
  const memory = sharedMemory(workers, sides[0].store);
  return sides.map((side, worker) => ({
    ...side,
    memory,
    shared: new SharedParameters({ ...side, parameters: [side.parameter], averages: [side.average], memory, worker }),
  }));
}

test("a worker's change is added to those of others, whose number it is told", () => {
  const [first, second] = crewOf(2);
  for (const { shared } of [first, second]) shared.read();
  first.store.write(first.parameter, [1, 2]);
  expect(first.shared.update()).toBe(0);
  first.store.write(first.parameter, [2, 3]);
  expect(first.shared.update()).toBe(0);
  second.store.write(second.parameter, [10, 0]);
  expect(second.shared.update()).toBe(2);
  expect([...second.store.read(second.parameter)]).toEqual([12, 3]);
});

describe("laws", () => {
  test("whatever the order of updates, the parameters are the sum of all changes, and staleness counts those between", () => {
    const turns = fc.array(fc.record({ worker: fc.nat(2), change: fc.integer({ min: -8, max: 8 }) }), { maxLength: 30 });
    fc.assert(
      fc.property(turns, (order) => {
        const crew = crewOf(3);
        for (const { shared } of crew) shared.read();
        let sum = 0;
        const last = [-1, -1, -1];
        order.forEach(({ worker, change }, turn) => {
          const { store, parameter, shared } = crew[worker];
          const [value] = store.read(parameter);
          store.write(parameter, [value + change, 0]);
          sum += change;
          expect(shared.update()).toBe(turn - last[worker] - 1);
          last[worker] = turn;
          expect([...store.read(parameter)]).toEqual([sum, 0]);
        });
        const [{ shared, store, parameter }] = crew;
        shared.settle();
        expect([...store.read(parameter)]).toEqual([sum, 0]);
      }),
    );
  });

  test("the first worker decides on what is not learned at every update, and on averages at the end of an iteration", () => {
    const [first, second] = crewOf(2);
    for (const { shared } of [first, second]) shared.read();
    for (const [{ store, average, other, shared }, value] of [[first, 1], [second, 2]] as const) {
      store.write(average, [value, value]);
      store.write(other, [value, value]);
      shared.update();
    }
    expect([...second.store.read(second.other)]).toEqual([1, 1]);
    expect([...second.store.read(second.average)]).toEqual([2, 2]);
    first.shared.settle();
    second.shared.read();
    expect([...second.store.read(second.average)]).toEqual([1, 1]);
  });

  test("claims add up to the budget, none above what was asked for, and there are none after a stop", () => {
    fc.assert(
      fc.property(fc.nat({ max: 200 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 }), (steps, asked) => {
        const [{ memory }] = crewOf(2);
        const budgets = [memory, memory].map((one) => new SharedBudget(one));
        expect(budgets[0].begin(steps)).toBe(steps);
        const claimed = asked.map((most, i) => budgets[i % 2].claim(most));
        claimed.forEach((count, i) => expect(count).toBeLessThanOrEqual(asked[i]));
        const total = claimed.reduce((sum, count) => sum + count, 0);
        expect(total).toBe(Math.min(steps, asked.reduce((sum, count) => sum + count, 0)));
        budgets[1].stop();
        expect([budgets[0].stopped, budgets[0].claim(1)]).toEqual([true, 0]);
      }),
    );
  });
});
