import { cos, type Random, sin } from "@uphill/core-math";
import type { Body } from "planck";
import { PIXELS } from "./metres.js";

/** What an engine gives to the lander, in the units of an impulse a metre from its middle. */
const MAIN_POWER = 13;
const SIDE_POWER = 0.6;

/** Where the engines are on the lander, m. */
const MAIN_DOWN = 4 / PIXELS;
const SIDE_AWAY = 12 / PIXELS;
/** Gymnasium takes 17 across and 14 up, so that the side engines' place turns with the lander. */
const SIDE_HEIGHT = { x: 17 / PIXELS, y: 14 / PIXELS };

/**
 * Fires the engines for a step. Two draws of the stream shake where they push, whether they fire or not.
 *
 * @param main - Power of the main engine, in [0, 1].
 * @param side - Power of a side engine, in [−1, 1]; below 0 the left one fires.
 */
export function fireEngines(lander: Body, main: number, side: number, random: Random): void {
  const angle = lander.getAngle();
  const [sine, cosine] = [sin(angle), cos(angle)];
  const along = random.uniform(-1, 1) / PIXELS;
  const across = random.uniform(-1, 1) / PIXELS;
  const { x, y } = lander.getPosition();
  // The lander's axes are (sine, cosine) mirrored and (−cosine, sine): positions are sums of the two.
  if (main > 0) {
    const down = MAIN_DOWN + 2 * along;
    const dx = sine * down - cosine * across;
    const dy = -cosine * down - sine * across;
    push(lander, dx, dy, MAIN_POWER * main, x + dx, y + dy);
  }
  if (side !== 0) {
    const away = 3 * across + Math.sign(side) * SIDE_AWAY;
    const dx = sine * along - cosine * away;
    const dy = -cosine * along - sine * away;
    push(lander, dx, dy, SIDE_POWER * Math.abs(side), x + dx - sine * SIDE_HEIGHT.x, y + dy + cosine * SIDE_HEIGHT.y);
  }
}

/** Pushes at the point (x, y) against the direction (dx, dy). */
function push(lander: Body, dx: number, dy: number, power: number, x: number, y: number): void {
  lander.applyLinearImpulse({ x: -dx * power, y: -dy * power }, { x, y }, true);
}
