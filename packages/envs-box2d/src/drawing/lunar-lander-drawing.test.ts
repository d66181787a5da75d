import { type Colours, makeEnvironment } from "@uphill/envs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Mark, RecordingCanvas } from "../../../envs/test/recording-canvas.js";
import { landingAction } from "../landing-controller.js";
import { lunarLander, lunarLanderContinuous } from "../lunar-lander.js";

const colours: Colours = { ink: "ink", muted: "muted", line: "line", accent: "accent", surface: "surface" };
const SIZE = { width: 600, height: 460 };
const RESTING = [0, 0, 0, 0, 0, 0, 1, 1];

function drawn(observation: ArrayLike<number>, action: readonly number[] = [0]): readonly Mark[] {
  const context = new RecordingCanvas();
  const { drawing } = action.length === 1 ? lunarLander : lunarLanderContinuous;
  drawing?.draw({ context, ...SIZE }, { observation, action }, colours);
  return context.marks;
}

/** The lander's outline: upper left, left, lower left, lower right, right, upper right. */
function hull(marks: readonly Mark[]): Mark["points"] {
  return marks.find(({ style }) => style === "accent")?.points ?? [];
}

test("a resting lander stands between the flags on both of its legs, in the middle", () => {
  const marks = drawn(RESTING);
  const [left, right] = [hull(marks)[2], hull(marks)[3]];
  expect((left[0] + right[0]) / 2).toBeCloseTo(SIZE.width / 2, 9);
  expect(left[1]).toBeCloseTo(right[1], 9);
  const legs = marks.filter(({ kind, style }) => kind === "fill" && style === "ink");
  expect(legs).toHaveLength(2);
  const pad = marks.find(({ kind, style }) => kind === "stroke" && style === "ink")?.points ?? [];
  for (const { points } of legs) {
    const feet = Math.max(...points.map(([, y]) => y));
    expect(Math.abs(feet - pad[0][1])).toBeLessThan(10);
    expect(points[0][0]).toBeGreaterThan(pad[0][0]);
    expect(points[0][0]).toBeLessThan(pad[1][0]);
  }
});

test("a leg that touches the ground is heavy, the right one first", () => {
  const heavy = (right: number, left: number): readonly number[] =>
    drawn([0, 0, 0, 0, 0, 0, right, left])
      .filter(({ kind, style }) => kind === "fill" && style === "ink")
      .map(({ points }) => Math.sign(points[0][0] - SIZE.width / 2));
  expect([heavy(0, 0), heavy(1, 0), heavy(0, 1), heavy(1, 1)]).toEqual([[], [1], [-1], [1, -1]]);
});

test("a positive angle turns counter-clockwise, and a higher lander is drawn higher", () => {
  const [, left, , , right] = hull(drawn([0, 0, 0, 0, 0.3, 0, 0, 0]));
  expect(left[1]).toBeGreaterThan(right[1]);
  expect(hull(drawn([0.5, 1, 0, 0, 0, 0, 0, 0]))[0][1]).toBeLessThan(hull(drawn(RESTING))[0][1]);
});

test("the flame of an engine is where it fires: below, or on the side that it pushes from", () => {
  const flames = (action: readonly number[]): Mark["points"][] =>
    drawn(RESTING, action).filter(({ kind, style }) => kind === "stroke" && style === "ink").slice(1).map(({ points }) => points);
  expect([[0], [0, 0], [-1, 0.5]].flatMap(flames)).toEqual([]);
  const middle = hull(drawn(RESTING))[0][1];
  for (const [[from, to]] of [flames([2]), flames([0.5, 0])]) {
    expect(from[0]).toBe(to[0]);
    expect(to[1]).toBeGreaterThan(from[1]);
    expect(from[1]).toBeGreaterThan(middle);
  }
  for (const [left, right] of [[[1], [3]], [[-1, -0.8], [-1, 0.8]]]) {
    expect(flames(left)[0][1][0]).toBeLessThan(SIZE.width / 2);
    expect(flames(right)[0][1][0]).toBeGreaterThan(SIZE.width / 2);
  }
});

test("a landing is drawn within the surface, in the colours given", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const environment = makeEnvironment(lunarLander);
      let observation = environment.reset({ seed });
      for (let t = 0; t < 150; t++) {
        const action = landingAction(observation);
        const marks = drawn(observation, [action]);
        const points = marks.flatMap((mark) => mark.points).flatMap(([x, y]) => [x / SIZE.width, y / SIZE.height]);
        expect(Math.min(...points)).toBeGreaterThan(-0.2);
        expect(Math.max(...points)).toBeLessThan(1.2);
        expect(Object.values(colours)).toEqual(expect.arrayContaining(marks.map(({ style }) => style)));
        const step = environment.step(action);
        if (step.terminated) return;
        observation = step.observation;
      }
    }),
    { numRuns: 5 },
  );
});

test("it says what is to be seen and how fast it goes", () => {
  expect(lunarLander.drawing?.description).toMatch(/^an? /u);
  expect(lunarLander.drawing?.secondsPerStep).toBe(0.02);
});
