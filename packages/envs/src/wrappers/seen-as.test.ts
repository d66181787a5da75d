import { expect, test } from "vitest";
import { cartPole } from "../cart-pole.js";
import { makeEnvironment } from "../make.js";
import { box } from "../spaces/box.js";
import { frameStack } from "./frame-stack.js";
import { seenAs } from "./seen-as.js";

const space = (...shape: number[]) => box({ low: -Infinity, high: Infinity, shape });

test("a window of the last three observations", () => {
  const environment = makeEnvironment(seenAs(cartPole, space(3, 4)));
  const plain = makeEnvironment(cartPole);
  const first = plain.reset({ seed: 1 });
  expect([...environment.reset({ seed: 1 })]).toEqual([...first, ...first, ...first]);
  const { observation } = plain.step(1);
  expect([...environment.step(1).observation]).toEqual([...first, ...first, ...observation]);
});

test.each([[4], [8], [2, 2], [3, 5], []])("observations of shape %j are as they come", (...shape) => {
  expect(seenAs(cartPole, space(...(shape as number[])))).toBe(cartPole);
});

test("what is stacked already is not stacked again", () => {
  const stacked = frameStack(cartPole, 3);
  expect(seenAs(stacked, space(3, 4))).toBe(stacked);
});
