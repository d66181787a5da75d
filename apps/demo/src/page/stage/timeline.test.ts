import fc from "fast-check";
import { expect, test } from "vitest";
import type { Moments } from "../../protocol.js";
import { Timeline } from "./timeline.js";

const STEP = 0.25;

/** Moments of one number each, which counts up; episodes begin where `steps` is 0. */
function moments(steps: readonly number[], from = 0): Moments {
  return {
    count: steps.length,
    observations: Float32Array.from(steps, (_, i) => from + i),
    actions: Float32Array.from(steps, (_, i) => 10 * (from + i)),
    steps: Int32Array.from(steps),
    returns: Float64Array.from(steps),
  };
}

function shown(timeline: Timeline): number | undefined {
  return timeline.view()?.observation[0];
}

test("moves from moment to moment at the environment's speed, and in between in proportion", () => {
  const timeline = new Timeline(STEP);
  expect(timeline.view()).toBeUndefined();
  timeline.append(moments([0, 1, 2]));
  expect(shown(timeline)).toBe(0);
  timeline.advance(STEP / 2);
  expect(shown(timeline)).toBe(0.5);
  expect(timeline.view()).toMatchObject({ action: Float32Array.of(10), steps: 0, return: 0 });
  timeline.advance(STEP);
  expect(shown(timeline)).toBe(1.5);
  expect(timeline.ahead).toBe(1);
});

test("stands still where the moments run out, and goes on from there", () => {
  const timeline = new Timeline(STEP);
  timeline.append(moments([0, 1]));
  timeline.advance(100);
  expect([shown(timeline), timeline.ahead]).toEqual([1, 0]);
  timeline.append(moments([2, 3], 2));
  expect(shown(timeline)).toBe(1);
  timeline.advance(1.5 * STEP);
  expect(shown(timeline)).toBe(2.5);
});

test("rests at the end of an episode, and does not blend it with the next", () => {
  const timeline = new Timeline(STEP);
  timeline.append(moments([0, 1, 0, 1]));
  timeline.advance(STEP + 0.4);
  expect(shown(timeline)).toBe(1);
  timeline.advance(0.1);
  expect(shown(timeline)).toBe(2);
});

test("however moments are parted and time is cut, the same is seen", () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 10 });
  const ticks = fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 20 });
  fc.assert(
    fc.property(cuts, ticks, (parts, times) => {
      const count = parts.reduce((sum, part) => sum + part, 0);
      const steps = Array.from({ length: count }, (_, i) => i % 7);
      const [whole, parted] = [new Timeline(STEP), new Timeline(STEP)];
      whole.append(moments(steps));
      let from = 0;
      for (const part of parts) {
        parted.append(moments(steps.slice(from, from + part), from));
        from += part;
      }
      // Eighths of a second are exact, so that sums of times are.
      whole.advance(times.reduce((sum, time) => sum + time / 8, 0));
      for (const time of times) parted.advance(time / 8);
      expect(shown(parted)).toBe(shown(whole));
      expect(parted.ahead).toBe(whole.ahead);
    }),
  );
});
