import { StateError } from "@uphill/core-math";
import { Box, Vec2, World } from "planck";
import { expect, test } from "vitest";
import { LanderWorld } from "./lander-world.js";
import { requirePlanck } from "./require-planck.js";

test("the centre of mass is the polygon's, as planck 1.5.0 computes it", () => {
  const { lander } = new LanderWorld([], -10);
  requirePlanck(lander);
  expect(lander.getMass()).toBeCloseTo(5 * 0.9633333333333333, 12); // density by area
});

test("the one that planck 1.4.2 computes is refused, as is any other", () => {
  expect(() => requirePlanck({ getLocalCenter: () => new Vec2(0, 0.07777777777777778) })).toThrow(
    new StateError("planck: expected version 1.5.0, got one with another centre of mass; npm install planck@1.5.0"),
  );
  const body = new World().createBody({ type: "dynamic" });
  body.createFixture({ shape: new Box(1, 1), density: 1 });
  expect(() => requirePlanck(body)).toThrow(StateError);
});
