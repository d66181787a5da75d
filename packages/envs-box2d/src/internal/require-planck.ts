import { StateError } from "@uphill/core-math";
import type { Body } from "planck";

/** Height of the hull's centre of mass over its middle, m: planck 1.4 and earlier put it 2 cm lower. */
const CENTRE_HEIGHT = 31 / 306;

/**
 * Throws unless the physics engine is the one that the recordings agree with. A package manager that takes no notice of
 * peers may bring another: on Node.js 20, the newest that says it runs there.
 *
 * @param lander - The body of the hull alone.
 * @throws StateError where its centre of mass is elsewhere.
 */
export function requirePlanck(lander: Pick<Body, "getLocalCenter">): void {
  const { y } = lander.getLocalCenter();
  if (Math.abs(y - CENTRE_HEIGHT) < 1e-9) return;
  throw new StateError(`planck: expected version 1.5.0, got one with another centre of mass; npm install planck@1.5.0`);
}
