import { OptionError, requireBoolean, requireNumber, requireObject } from "@uphill/core-math";
import { type Box, type Discrete, type EnvironmentDefinition, guard, type Space } from "@uphill/envs";
import { lunarLanderDrawing } from "./drawing/lunar-lander-drawing.js";
import { type Controls, switches, throttles } from "./internal/controls.js";
import type { FlightConditions } from "./internal/flight.js";
import { LanderEnvironment } from "./internal/lander-environment.js";

/** What {@link lunarLanderWith} and {@link lunarLanderContinuousWith} take. */
export interface LunarLanderOptions {
  /** Upwards, m/s²: above −12 and below 0. Default −10. */
  readonly gravity?: number;
  /** Whether wind blows until a leg touches the ground. Default false. */
  readonly enableWind?: boolean;
  /** The wind's force at most, N: a finite number, best in [0, 20]. Default 15. */
  readonly windPower?: number;
  /** The wind's torque at most, N m: a finite number, best in [0, 2]. Default 1.5. */
  readonly turbulencePower?: number;
}

const NAMES: readonly string[] = ["gravity", "enableWind", "windPower", "turbulencePower"] satisfies (keyof LunarLanderOptions)[];

/**
 * LunarLander-v3 with gravity or wind of your own; id, limit and threshold are those of {@link lunarLander}.
 *
 *     force, torque = power · tanh(sin 0.02 t + sin 0.01 π t),   t = C, C + 1, …
 *
 * with C drawn from −9999 … 9998 for each of the two at every reset.
 *
 * @param options - Gravity and wind.
 * @throws OptionError for gravity out of range, or powers that are no finite numbers.
 */
export function lunarLanderWith(options: LunarLanderOptions): EnvironmentDefinition<Discrete> {
  return definition("LunarLander-v3", options, switches);
}

/**
 * LunarLanderContinuous-v3 with gravity or wind of your own, as {@link lunarLanderWith}.
 *
 * @param options - Gravity and wind.
 * @throws OptionError for gravity out of range, or powers that are no finite numbers.
 */
export function lunarLanderContinuousWith(options: LunarLanderOptions): EnvironmentDefinition<Box> {
  return definition("LunarLanderContinuous-v3", options, throttles);
}

/**
 * LunarLander-v3: land on a pad on the moon, upright and slowly, with little fuel.
 *
 *     Φ = −100 √(x² + y²) − 100 √(vx² + vy²) − 100 |θ| + 10 (legs that touch)
 *     reward = Φ′ − Φ − 0.3 main − 0.03 |side|;   −100 for a crash or for leaving, +100 for coming to rest
 *
 * with main and side the powers of the engines; a step takes 0.02 s.
 *
 * Observation `[8]`: the lander's place from the pad, x (10 m) and y (6.67 m); its velocity, vx (5 m/s) and vy (7.5 m/s);
 * its angle θ (rad, counter-clockwise); its angular velocity (2.5 rad/s); whether the right leg touches the ground, and
 * the left. Actions: nothing (0), left engine (1), main engine (2), right engine (3). Starts at the top with a random
 * push, over ground that is flat at the pad alone and is not observed. Terminates when the lander itself touches the
 * ground, leaves to a side, or rests; limited to 1,000 steps; solved at a mean return of 200.
 *
 * The same seed gives the ground, the push and the noise of engines that it gives in Gymnasium 1.4. Box2D computes in
 * float32 and planck in float64: over an episode's first 150 steps observations agree to 5e-4, unless a leg touches the
 * ground a step earlier in one than in the other.
 *
 * Source: Gymnasium's LunarLander-v3.
 */
export const lunarLander: EnvironmentDefinition<Discrete> = lunarLanderWith({});

/**
 * LunarLanderContinuous-v3: `lunarLander` with throttles.
 *
 * Action `[2]` in ±1, beyond which it acts as the bound: the main engine is off up to 0, then runs at (1 + a₀)/2 of its
 * power; side engines are off within ±0.5, beyond which they run at |a₁|, the left one for a₁ < 0.
 *
 * Source: Gymnasium's LunarLanderContinuous-v3.
 */
export const lunarLanderContinuous: EnvironmentDefinition<Box> = lunarLanderContinuousWith({});

function definition<A extends Space>(
  id: string,
  options: LunarLanderOptions,
  controls: Controls<A>,
): EnvironmentDefinition<A> {
  const conditions = conditionsOf(options);
  return {
    id,
    maxEpisodeSteps: 1000,
    rewardThreshold: 200,
    make: () => guard(new LanderEnvironment(conditions, controls), id),
    drawing: lunarLanderDrawing((action) => controls.powers(action)),
  };
}

function conditionsOf(options: LunarLanderOptions): FlightConditions {
  const unknown = Object.keys(requireObject("options", options)).find((key) => !NAMES.includes(key));
  if (unknown !== undefined) throw new OptionError(`options: expected only ${NAMES.join(", ")}, got ${unknown}`);
  const { gravity = -10, enableWind = false, windPower = 15, turbulencePower = 1.5 } = options;
  return {
    gravity: requireNumber("gravity", gravity, { above: -12, below: 0 }),
    enableWind: requireBoolean("enableWind", enableWind),
    windPower: requireNumber("windPower", windPower),
    turbulencePower: requireNumber("turbulencePower", turbulencePower),
  };
}
