import { cos, expectation, OptionError, requireNumber } from "@uphill/core-math";
import type { NumberRange } from "@uphill/core-math";

/**
 * A number that may change over training, as data: constant, or from the first value at progress 0 to the
 * second at progress 1, along a line or half a cosine wave.
 */
export type Schedule =
  | number
  | { readonly linear: readonly [start: number, end: number] }
  | { readonly cosine: readonly [start: number, end: number] };

/**
 * A schedule's value at a moment of training:
 *
 *     w · start + (1 − w) · end,    w = 1 − p (linear),   w = ½ (1 + cos πp) (cosine)
 *
 * (Loshchilov and Hutter 2017, equation 5, for the cosine, without restarts.) Exact at both ends.
 *
 * @param schedule - See {@link Schedule}; a number is that number at every moment.
 * @param progress - p in [0, 1]: the part of the training that is done.
 * @returns The value, between start and end.
 * @throws OptionError for what is no schedule, or a progress outside [0, 1].
 */
export function scheduleValue(schedule: Schedule, progress: number): number {
  requireSchedule("schedule", schedule);
  requireNumber("progress", progress, { least: 0, most: 1 });
  if (typeof schedule === "number") return schedule;
  if ("linear" in schedule) return between(schedule.linear, 1 - progress);
  return between(schedule.cosine, 0.5 * (1 + cos(Math.PI * progress)));
}

/**
 * The value, if it is a schedule whose numbers are finite and in the range.
 *
 * @param argument - Name for the message, such as `learningRate`.
 * @param value - What the caller passed.
 * @param range - Bounds on the constant, or on both ends; unbounded where left out.
 * @throws OptionError for anything else.
 */
export function requireSchedule(argument: string, value: unknown, range: NumberRange = {}): Schedule {
  if (typeof value === "number") return requireNumber(argument, value, range);
  const entries: [string, unknown][] = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const [kind, ends] = entries.length === 1 ? entries[0] : [];
  if ((kind !== "linear" && kind !== "cosine") || !Array.isArray(ends) || ends.length !== 2) {
    const allowed = "a number, { linear: [start, end] } or { cosine: [start, end] }";
    throw new OptionError(expectation(argument, allowed, value));
  }
  ends.forEach((end: unknown, index) => requireNumber(`${argument} ${kind}[${index}]`, end, range));
  return value as Schedule;
}

function between([start, end]: readonly [number, number], weight: number): number {
  return weight * start + (1 - weight) * end;
}
