import type { Shape } from "@uphill/autodiff";
import { OptionError, expectation } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";

/** The noise that turns into a sample: independent numbers of one law, or the sample itself. */
export interface Noise {
  /**
   * `"uniform"`: on [0, 1). `"normal"`: with mean 0 and variance 1. `"sample"`: what the distribution's `draw` draws on
   * the host, where no law of noise makes samples of all parameters.
   */
  readonly kind: "uniform" | "normal" | "sample";
  /** Shape of the noise tensor, batch axes first. */
  readonly shape: Shape;
}

/**
 * Fills an array with noise of a kind, to be fed to a program that samples.
 *
 * Uniform noise is drawn with 53 bits and then rounded to the array's precision: in float32 it is exact to
 * a relative 2⁻²⁴ near 0, and with probability 2⁻²⁵ it rounds to 1, which every `sample` here allows.
 *
 * @param kind - The law, as {@link Noise.kind}.
 * @param random - The stream to draw from; uses one draw an element.
 * @param out - What to fill; its length is that of the batch times the noise of one sample.
 * @throws OptionError for an unknown kind, and for `"sample"`, which depends on parameters: see `draw` of a distribution.
 */
export function fillNoise(kind: Noise["kind"], random: Random, out: Float32Array | Float64Array): void {
  switch (kind) {
    case "uniform":
      return random.fillRandom(out);
    case "normal":
      return random.fillStandardNormal(out);
    case "sample":
      throw new OptionError('noise kind: expected "uniform" or "normal", got "sample" (fill it by the distribution\'s draw)');
    default:
      throw new OptionError(expectation("noise kind", '"uniform" or "normal"', kind));
  }
}
