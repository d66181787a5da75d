import { cartPoleDrawing } from "./cart-pole.js";
import type { Drawing } from "./drawing.js";
import { observationBars } from "./observation-bars.js";
import { pendulumDrawing } from "./pendulum.js";

const drawings: Readonly<Record<string, Drawing>> = {
  "CartPole-v1": cartPoleDrawing,
  "Pendulum-v1": pendulumDrawing,
};

/** How an environment is shown; one without a drawing of its own, by its numbers. */
export function drawingOf(environment: string): Drawing {
  return drawings[environment] ?? observationBars;
}
