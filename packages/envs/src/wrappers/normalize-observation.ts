import { OptionError } from "@uphill/core-math";
import type { EnvironmentDefinition, EnvironmentSource } from "../environment.js";
import { ObservationNormalizer } from "../observation-normalizer.js";
import { box } from "../spaces/box.js";
import type { Space } from "../spaces/space.js";
import type { SceneBehind } from "./scene-behind.js";
import { type Layer, wrap, type WrappedEnvironments } from "./wrap.js";

/** What {@link normalizeObservation} takes. */
export interface NormalizeObservationOptions {
  /**
   * The statistics, shared by all that is made from the definition: to freeze them, to store them beside a policy, and to
   * evaluate on the scale of training. Where left out, each environment or vector has its own, and saves them with its
   * state.
   */
  readonly normalizer?: ObservationNormalizer;
}

/**
 * The environment with observations on a running scale:
 *
 *     clip((x − mean) / √(variance + ε), ±clip)
 *
 * The statistics take in every observation before it is scaled, those of resets included; those of a vector are of all
 * its environments. An algorithm of this project that normalises by itself (`normalizeObservations`) needs no wrapper,
 * and has the scale in the policy that it exports. What is shown depends on all that was seen before: `checkEnvironment`
 * objects to that until the statistics are frozen. It is drawn, and has text, where the normaliser is a given one.
 *
 * @param source - The environment.
 * @param options - See {@link NormalizeObservationOptions}.
 * @throws OptionError where `source` is no source; at `make`, where the normaliser is of another size.
 */
export function normalizeObservation<A extends Space>(
  source: EnvironmentSource<A>,
  options: NormalizeObservationOptions = {},
): EnvironmentDefinition<A> {
  const layer = ({ id, observationSpace: { shape, size } }: WrappedEnvironments<A>): Layer<A> => {
    let normalizer = options.normalizer ?? new ObservationNormalizer({ size });
    if (normalizer.size !== size) {
      throw new OptionError(`normalizer of ${id}: expected one of size ${size}, got one of ${normalizer.size}`);
    }
    const { clip } = normalizer;
    return {
      observationSpace: box({ low: -clip, high: clip, shape }),
      observe(from, to, inner, outer) {
        const rows = inner.subarray(from * size, to * size);
        normalizer.update(rows);
        normalizer.normalize(rows, outer.subarray(from * size, to * size));
      },
      saveState: () => normalizer.toJSON(),
      restoreState(state) {
        const restored = ObservationNormalizer.fromJSON(state);
        if (options.normalizer === undefined) normalizer = restored;
        else options.normalizer.copy(restored);
      },
    };
  };
  return wrap(source, layer, options.normalizer === undefined ? null : unscaled(options.normalizer));
}

/** The observations that were normalised, but for what was clipped. */
function unscaled(normalizer: ObservationNormalizer): SceneBehind {
  return {
    observation(shown) {
      const [mean, deviation] = [normalizer.mean(), normalizer.standardDeviation()];
      return Array.from(shown, (value, i) => mean[i] + value * deviation[i]);
    },
  };
}
