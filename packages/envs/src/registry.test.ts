import { OptionError } from "@uphill/core-math";
import { expect, test } from "vitest";
import { cartPole } from "./cart-pole.js";
import { environments, findEnvironment } from "./registry.js";

test("an environment is found by its id", () => {
  expect(findEnvironment("CartPole-v1")).toBe(cartPole);
});

test("every environment is found, and no two share an id", () => {
  expect(environments.map(({ id }) => findEnvironment(id))).toEqual(environments);
  expect(new Set(environments.map(({ id }) => id)).size).toBe(environments.length);
});

test("other environments are looked up alike", () => {
  const others = [{ ...cartPole, id: "CartPole-v2" }];
  expect(findEnvironment("CartPole-v2", others)).toBe(others[0]);
  expect(() => findEnvironment("CartPole-v1", others)).toThrow(
    new OptionError('environment: expected one of CartPole-v2, got "CartPole-v1"; did you mean CartPole-v2?'),
  );
});

const all = environments.map(({ id }) => id).join(", ");

test.each(["cartpole", "CartPole-v0", "Cartpol", "cart-pole-v1"])("%s: the nearest right one is named", (id) => {
  expect(() => findEnvironment(id)).toThrow(
    new OptionError(`environment: expected one of ${all}, got "${id}"; did you mean CartPole-v1?`),
  );
});

test("what resembles none gets the list alone", () => {
  expect(() => findEnvironment("Go")).toThrow(
    new OptionError(`environment: expected one of ${all}, got "Go"`),
  );
  expect(() => findEnvironment(undefined as unknown as string)).toThrow(OptionError);
});
