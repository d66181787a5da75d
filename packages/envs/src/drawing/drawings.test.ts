import { Random } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Mark, RecordingCanvas } from "../../test/recording-canvas.js";
import { acrobot } from "../acrobot.js";
import { cartPole } from "../cart-pole.js";
import type { EnvironmentDefinition } from "../environment.js";
import { makeEnvironment } from "../make.js";
import { mountainCar } from "../mountain-car.js";
import { mountainCarContinuous } from "../mountain-car-continuous.js";
import { pendulum } from "../pendulum.js";
import type { Colours } from "./drawing.js";

const colours: Colours = { ink: "ink", muted: "muted", line: "line", accent: "accent", surface: "surface" };
const SIZE = { width: 600, height: 400 };

function drawn(definition: EnvironmentDefinition, observation: ArrayLike<number>, action: ArrayLike<number> = [0]) {
  const context = new RecordingCanvas();
  definition.drawing?.draw({ context, ...SIZE }, { observation, action }, colours);
  return context.marks;
}

/** The last point of the first stroke in the colour that the eye follows. */
function tip(marks: readonly Mark[]): readonly [number, number] {
  const stroke = marks.find(({ kind, style }) => kind === "stroke" && style === "accent");
  return stroke?.points.at(-1) ?? [Number.NaN, Number.NaN];
}

test("an upright pole stands on the middle of the cart, and a leaning one leans to its side", () => {
  const [x, y] = tip(drawn(cartPole, [0, 0, 0, 0]));
  expect(x).toBeCloseTo(SIZE.width / 2, 9);
  const [right, lower] = tip(drawn(cartPole, [0, 0, 0.2, 0]));
  expect(right).toBeGreaterThan(x);
  expect(lower).toBeGreaterThan(y);
});

test("a pendulum of 90° points to the left, since angles turn counter-clockwise", () => {
  const [x, y] = tip(drawn(pendulum, [0, 1, 0]));
  expect(x).toBeLessThan(SIZE.width / 2);
  expect(y).toBeCloseTo(SIZE.height / 2, 9);
});

test("a hanging arm hangs below its joint by two links; with the elbow bent back, the ends meet", () => {
  const [x, y] = tip(drawn(acrobot, [1, 0, 1, 0, 0, 0]));
  expect(x).toBeCloseTo(SIZE.width / 2, 9);
  expect(y).toBeCloseTo(SIZE.height / 2 + (2 * 400) / 4.6, 9);
  const [, back] = tip(drawn(acrobot, [1, 0, -1, 0, 0, 0]));
  expect(back).toBeCloseTo(SIZE.height / 2, 9);
  // The first link to the right, the second a quarter of a turn on: upwards.
  const [right, up] = tip(drawn(acrobot, [0, 1, 0, 1, 0, 0]));
  expect(right).toBeCloseTo(SIZE.width / 2 + 400 / 4.6, 9);
  expect(up).toBeCloseTo(SIZE.height / 2 - 400 / 4.6, 9);
});

test("the car at the goal stands at the foot of the flag", () => {
  for (const [definition, goal] of [[mountainCar, 0.5], [mountainCarContinuous, 0.45]] as const) {
    const marks = drawn(definition, [goal, 0]);
    const foot = marks.find(({ kind, style }) => kind === "stroke" && style === "muted")?.points[0] ?? [0, 0];
    const wheels = marks.filter(({ style }) => style === "ink").map(({ points: [[x]] }) => x);
    expect(wheels).toHaveLength(2);
    expect(Math.abs((wheels[0] + wheels[1]) / 2 - foot[0])).toBeLessThan(10);
    expect(wheels[0]).toBeLessThan(wheels[1]);
  }
});

test("on the slope to the right the front wheel is the higher one, on the left the lower one", () => {
  const heights = (position: number): number[] =>
    drawn(mountainCar, [position, 0])
      .filter(({ style }) => style === "ink")
      .map(({ points: [[, y]] }) => y);
  const [[rear, front], [left, right]] = [heights(0), heights(-1)];
  expect(front).toBeLessThan(rear);
  expect(right).toBeGreaterThan(left);
});

describe.each<EnvironmentDefinition>([cartPole, pendulum, acrobot, mountainCar, mountainCarContinuous])("$id", (definition) => {
  test("is drawn within the surface, in the colours given, through any episode", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const environment = makeEnvironment(definition);
        const random = new Random(seed);
        let observation = environment.reset({ seed });
        for (let ended = false; !ended; ) {
          const action = environment.actionSpace.sample(random);
          const marks = drawn(definition, observation, typeof action === "number" ? [action] : action);
          const points = marks.flatMap((mark) => mark.points).flatMap(([x, y]) => [x / SIZE.width, y / SIZE.height]);
          expect(Math.min(...points)).toBeGreaterThan(-0.2);
          expect(Math.max(...points)).toBeLessThan(1.2);
          expect(Object.values(colours)).toEqual(expect.arrayContaining(marks.map(({ style }) => style)));
          const step = environment.step(action);
          observation = step.observation;
          ended = step.terminated || step.truncated || random.random() < 0.05;
        }
      }),
      { numRuns: 20 },
    );
  });

  test("says what is to be seen and how fast it goes", () => {
    expect(definition.drawing?.description).toMatch(/^an? /u);
    expect(definition.drawing?.secondsPerStep).toBeGreaterThan(0);
  });
});

test("blended cosines and sines are drawn at full length, and none at all somewhere", () => {
  expect(tip(drawn(pendulum, [0.5, 0.5, 0]))).toEqual(tip(drawn(pendulum, [1, 1, 0])));
  expect(tip(drawn(pendulum, [0, 0, 0])).every(Number.isFinite)).toBe(true);
});
