import { OptionError } from "@uphill/core-math";
import { expect, test } from "vitest";
import { environmentContract } from "../../test/environment-contract.js";
import { cartPole } from "../cart-pole.js";
import type { FiniteEnvironmentDefinition } from "../finite/finite-environment.js";
import { frozenLake } from "../finite/frozen-lake.js";
import { makeEnvironment, makeVectorEnvironment } from "../make.js";
import { oneHotObservation } from "./one-hot-observation.js";

test("the start of the lake is a 1 and fifteen zeros", () => {
  const environment = makeEnvironment(oneHotObservation(frozenLake));
  expect([...environment.reset({ seed: 0 })]).toEqual([1, ...Array.from({ length: 15 }, () => 0)]);
});

environmentContract(oneHotObservation(frozenLake));

test("the 1 stands where the state's number says, in every row", () => {
  const [plain, wrapped] = [makeVectorEnvironment(frozenLake, 3), makeVectorEnvironment(oneHotObservation(frozenLake), 3)];
  plain.reset({ seed: 5 });
  wrapped.reset({ seed: 5 });
  for (let t = 0; t < 100; t++) {
    const actions = Int32Array.of(t % 4, (t + 1) % 4, 2);
    plain.step(actions);
    wrapped.step(actions);
    const expected = new Float32Array(48);
    plain.observations.forEach((state, i) => (expected[16 * i + state] = 1));
    expect(wrapped.observations).toEqual(expected);
  }
});

test("an environment of another kind is refused", () => {
  expect(() => oneHotObservation(cartPole as unknown as FiniteEnvironmentDefinition)).toThrow(OptionError);
});
