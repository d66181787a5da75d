import { FormatError, RunningMoments } from "@uphill/core-math";

/**
 * Saved statistics of a given size.
 *
 * @throws FormatError where `saved` holds none, or of another size.
 */
export function readMoments(argument: string, saved: unknown, size: number): RunningMoments {
  const moments = RunningMoments.fromJSON(saved);
  if (moments.size === size) return moments;
  throw new FormatError(`${argument}: expected statistics of size ${size}, got ${moments.size}`);
}
