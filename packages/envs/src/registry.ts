import { expectation, nearestNames, OptionError } from "@uphill/core-math";
import { acrobot } from "./acrobot.js";
import { cartPole } from "./cart-pole.js";
import type { EnvironmentDefinition } from "./environment.js";
import { blackjack } from "./finite/blackjack.js";
import { cliffWalking, cliffWalkingSlippery } from "./finite/cliff-walking.js";
import { frozenLake, frozenLake8x8 } from "./finite/frozen-lake.js";
import { taxi } from "./finite/taxi.js";
import { mountainCarContinuous } from "./mountain-car-continuous.js";
import { mountainCar } from "./mountain-car.js";
import { pendulum } from "./pendulum.js";

/** Every environment of this package, in the order in which lists show them. */
export const environments: readonly EnvironmentDefinition[] = Object.freeze([
  cartPole,
  pendulum,
  acrobot,
  mountainCar,
  mountainCarContinuous,
  frozenLake,
  frozenLake8x8,
  cliffWalking,
  cliffWalkingSlippery,
  taxi,
  blackjack,
]);

/**
 * The environment of an id.
 *
 * @param id - Such as `CartPole-v1`; upper and lower case count.
 * @param among - Where to look: the environments of this package where left out.
 * @returns Its definition.
 * @throws OptionError where no environment has that id; the message names those that come nearest, and lists all.
 */
export function findEnvironment(
  id: string,
  among: readonly EnvironmentDefinition[] = environments,
): EnvironmentDefinition {
  const found = among.find((environment) => environment.id === id);
  if (found !== undefined) return found;
  const ids = among.map((environment) => environment.id);
  const nearest = typeof id === "string" ? nearestNames(id, ids) : [];
  const hint = nearest.length === 0 ? "" : `; did you mean ${nearest.join(" or ")}?`;
  throw new OptionError(`${expectation("environment", `one of ${ids.join(", ")}`, id)}${hint}`);
}
