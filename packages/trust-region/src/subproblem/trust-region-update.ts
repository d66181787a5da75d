import { requireNumber, requireObject } from "@uphill/core-math";

/** What {@link trustRegionUpdate} judges. */
export interface TrustRegionTrial {
  /** How much the objective fell, over how much the model promised; −∞ or NaN for a step that led nowhere. */
  readonly ratio: number;
  /** Whether the step ended on the region's boundary. */
  readonly onBoundary: boolean;
  /** Δ > 0. */
  readonly radius: number;
  /** The largest Δ, at least `radius`. */
  readonly maxRadius: number;
  /** A step is accepted where its ratio is above; in [0, ¼), 0.1 by default. */
  readonly acceptAbove?: number;
}

/**
 * The ratio test: whether a step is taken, and how far the model is trusted next,
 *
 *     ρ < ¼: Δ ← Δ/4;   ρ > ¾ and ‖p‖ = Δ: Δ ← min(2Δ, Δmax);   else Δ stays;   accept where ρ > η
 *
 * (Nocedal and Wright 2006, algorithm 4.1.)
 *
 * @param trial - ρ, Δ and Δmax.
 * @returns The next Δ, and whether the step is accepted.
 * @throws OptionError for numbers out of range.
 */
export function trustRegionUpdate(trial: TrustRegionTrial): { readonly radius: number; readonly accepted: boolean } {
  requireObject("trial", trial);
  const { ratio, onBoundary } = trial;
  const radius = requireNumber("radius", trial.radius, { above: 0 });
  const maxRadius = requireNumber("maxRadius", trial.maxRadius, { least: radius });
  const acceptAbove = requireNumber("acceptAbove", trial.acceptAbove ?? 0.1, { least: 0, below: 0.25 });
  const accepted = ratio > acceptAbove;
  if (!(ratio >= 0.25)) return { radius: radius / 4, accepted };
  return { radius: ratio > 0.75 && onBoundary ? Math.min(2 * radius, maxRadius) : radius, accepted };
}
