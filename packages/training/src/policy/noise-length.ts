import { OptionError, requireInteger } from "@uphill/core-math";
import type { Distribution } from "@uphill/distributions";

/**
 * How many numbers of noise a batch of samples takes: what to allocate for `fillNoise`.
 *
 * @param distribution - Of which samples are drawn.
 * @param count - How many samples, ≥ 0.
 * @returns `count` times the size of one sample's noise.
 * @throws OptionError where `count` is no such integer, or one sample's noise has a dimension of no fixed length.
 */
export function noiseLength(distribution: Distribution, count: number): number {
  let length = requireInteger("count", count, { least: 0 });
  for (const dimension of distribution.noise.shape.slice(distribution.batchShape.length)) {
    if (typeof dimension !== "number") {
      throw new OptionError(`noise: expected a fixed number for each sample, got the dimension "${dimension}"`);
    }
    length *= dimension;
  }
  return length;
}
