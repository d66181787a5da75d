import { describe, expect, test } from "vitest";
import { RecordingCanvas } from "../../test/recording-canvas.js";
import { cartPole } from "../cart-pole.js";
import type { Scene } from "../drawing/drawing.js";
import type { EnvironmentDefinition } from "../environment.js";
import { frozenLake } from "../finite/frozen-lake.js";
import { makeEnvironment } from "../make.js";
import { ObservationNormalizer } from "../observation-normalizer.js";
import { pendulum } from "../pendulum.js";
import { box } from "../spaces/box.js";
import { discrete } from "../spaces/discrete.js";
import { actionMask } from "./action-mask.js";
import { rescaleAction } from "./clip.js";
import { episodeStatistics } from "./episode-statistics.js";
import { frameStack } from "./frame-stack.js";
import { normalizeObservation } from "./normalize-observation.js";
import { oneHotObservation } from "./one-hot-observation.js";
import { timeAwareObservation } from "./time-aware-observation.js";
import { transformAction, transformObservation, transformReward } from "./transform.js";
import { wrap } from "./wrap.js";

const colours = { ink: "ink", muted: "muted", line: "line", accent: "accent", surface: "surface" };

function drawn({ drawing }: EnvironmentDefinition, scene: Scene) {
  const context = new RecordingCanvas();
  drawing?.draw({ context, width: 300, height: 200 }, scene, colours);
  return context.marks;
}

/** The scene after three steps, and that of the same environment without its wrapper. */
function scenes(wrapped: EnvironmentDefinition, bare: EnvironmentDefinition, given: Scene["action"], acted = given) {
  const [seen, plain] = [wrapped, bare].map((definition, i) => {
    const environment = makeEnvironment(definition);
    environment.reset({ seed: 3 });
    const action = i === 0 ? given : acted;
    const own = environment.actionSpace.kind === "discrete" ? action[0] : Float32Array.from(action);
    const steps = Array.from({ length: 3 }, () => environment.step(own).observation);
    return { observation: steps[2], action };
  });
  return [drawn(wrapped, seen), drawn(bare, plain)];
}

const normalizer = new ObservationNormalizer({ size: 4 });
normalizer.update(Float32Array.of(1, 0, 0.1, 2, -1, 0.5, 0, 1));
normalizer.frozen = true;

describe("a wrapped environment is drawn as it is without its wrapper", () => {
  test.each<[string, EnvironmentDefinition]>([
    ["statistics", episodeStatistics(cartPole)],
    ["reward", transformReward(cartPole, (reward) => -reward)],
    ["frames", frameStack(cartPole, 3)],
    ["time", timeAwareObservation(cartPole)],
    ["mask", actionMask(cartPole, () => true)],
    ["one on another", frameStack(timeAwareObservation(cartPole), 2)],
  ])("%s", (_, wrapped) => {
    const [seen, plain] = scenes(wrapped, cartPole, [1]);
    expect(seen).toEqual(plain);
    expect(seen.length).toBeGreaterThan(3);
  });

  test("a given scale, but for rounding", () => {
    const [seen, plain] = scenes(normalizeObservation(cartPole, { normalizer }), cartPole, [1]).map((marks) =>
      marks.flatMap(({ points }) => points.flat()),
    );
    expect(seen.length).toBe(plain.length);
    for (const [i, value] of seen.entries()) expect(value).toBeCloseTo(plain[i], 3);
  });

  test("actions", () => {
    const [rescaled, plain] = scenes(rescaleAction(pendulum), pendulum, [0.75], [1.5]);
    expect(rescaled).toEqual(plain);
    const [pushed, right] = scenes(transformAction(cartPole, discrete(2), (a) => 1 - a), cartPole, [0], [1]);
    expect(pushed).toEqual(right);
    const [one, other] = scenes(transformAction(pendulum, discrete(3), (a) => Float32Array.of(a)), pendulum, [2]);
    expect(one).toEqual(other);
  });

  test("its text too", () => {
    const hot = Float32Array.from({ length: 16 }, (_, state) => (state === 6 ? 1 : 0));
    expect(oneHotObservation(frozenLake).text?.(hot, 2)).toBe(frozenLake.text?.([6], 2));
    expect(transformAction(frozenLake, discrete(4), (a) => 3 - a).text?.([6], 1)).toBe(frozenLake.text?.([6], 2));
    expect(episodeStatistics(frozenLake).text?.([6])).toBe(frozenLake.text?.([6]));
  });
});

test("where there is no way back, there is no drawing and no text", () => {
  const hidden = transformObservation(cartPole, box({ low: -9, high: 9, shape: [1] }), ([x]) => Float32Array.of(x));
  expect([hidden.drawing, hidden.text]).toEqual([undefined, undefined]);
  expect(normalizeObservation(cartPole).drawing).toBeUndefined();
  expect(wrap(frozenLake, () => ({}), null).text).toBeUndefined();
});
