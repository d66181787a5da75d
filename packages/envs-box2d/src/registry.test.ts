import { expect, test } from "vitest";
import { box2dEnvironments } from "./registry.js";

test("every environment of the package is listed once", () => {
  expect(box2dEnvironments.map(({ id }) => id)).toEqual(["LunarLander-v3", "LunarLanderContinuous-v3"]);
});
