import { box, discrete } from "@uphill/envs";
import type { Space } from "@uphill/envs";
import { describe, expect, test } from "vitest";
import { TrainingWarnings } from "./training-warnings.js";
import type { WarningName } from "./training-warnings.js";

type Numbers = Readonly<Record<string, number | null>>;

/** What is found in reports of these numbers, as `rule after so many reports`. */
function found(reports: readonly Numbers[], space?: Space): string[] {
  const warnings = new TrainingWarnings(space);
  return reports.flatMap((numbers, i) =>
    warnings.take({ steps: 100 * (i + 1), ...numbers }).map(({ rule, steps }) => `${rule} after ${steps / 100}`),
  );
}

const repeat = (times: number, numbers: Numbers): Numbers[] => Array.from({ length: times }, () => numbers);

const healthy = { klNats: 0.02, entropy: 0.5, explainedVariance: 0.9, valueLoss: 3, advantageDeviation: 1, stepFraction: 0.8, meanQ: 40, meanReturn: -5 };
const wide = box({ low: -2, high: 2, shape: [3] });

describe("TrainingWarnings", () => {
  test("says nothing of a training that goes well, nor of metrics that are not there", () => {
    expect(found(repeat(30, healthy), discrete(2))).toEqual([]);
    expect(found(repeat(30, {}), discrete(2))).toEqual([]);
    const none = Object.fromEntries(Object.keys(healthy).flatMap((name) => [[name, null]]));
    expect(found(repeat(30, none), discrete(2))).toEqual([]);
    const nan = Object.fromEntries(Object.keys(healthy).map((name) => [name, NaN]));
    expect(found(repeat(30, nan), wide)).toEqual([]);
  });

  test.each<[WarningName, Numbers, number]>([
    ["kl-exploding", { klNats: 0.11 }, 3],
    ["entropy-collapsed", { entropy: 0.009 }, 3],
    ["value-explains-nothing", { explainedVariance: 0.04, valueLoss: 3 }, 10],
    ["advantages-equal", { advantageDeviation: 1e-9 }, 3],
    ["steps-refused", { stepFraction: 0 }, 3],
    ["values-exceed-returns", { meanQ: -51 }, 5],
  ])("finds %s once it held for a while, and again only after it ceased to", (rule, symptom, patience) => {
    const ill = { ...healthy, ...symptom };
    const space = discrete(2);
    expect(found([healthy, ...repeat(patience - 1, ill), healthy, ...repeat(patience - 1, ill)], space)).toEqual([]);
    expect(found([healthy, ...repeat(20, ill)], space)).toEqual([`${rule} after ${patience + 1}`]);
    const twice = found([...repeat(12, ill), healthy, ...repeat(12, ill)], space);
    expect(twice).toEqual([`${rule} after ${patience}`, `${rule} after ${13 + patience}`]);
  });

  test("says the number that is wrong, and what people usually change", () => {
    const warnings = new TrainingWarnings(discrete(2));
    const taken = [1, 2, 3].flatMap((steps) => warnings.take({ steps, klNats: 0.567, entropy: 0.001 }));
    expect(taken.map(({ message }) => message)).toEqual([
      "KL exploding: an update moves the policy by 0.57 nats, where 0.01 to 0.02 are usual",
      "entropy collapsed: the policy hardly explores any more (1.001 actions of equal probability would have its entropy)",
    ]);
    expect(taken[0]).toMatchObject({ steps: 3, remedy: expect.stringContaining("a smaller learning rate") });
  });

  test("judges the spread of a box by its range", () => {
    const entropyOf = (spread: number) => 3 * Math.log(spread * Math.sqrt(2 * Math.PI * Math.E));
    const of = (spread: number, space: Space) => found(repeat(3, { entropy: entropyOf(spread) }), space);
    expect(of(2.1e-3, wide)).toEqual([]);
    expect(of(1.9e-3, wide)).toEqual(["entropy-collapsed after 3"]);
    expect(of(1.9e-3, box({ low: -Infinity, high: Infinity, shape: [3] }))).toEqual([]);
    expect(found(repeat(3, { entropy: -100 }))).toEqual([]);
  });

  test("leaves small values alone, and those that entropy is a part of", () => {
    expect(found(repeat(20, { meanQ: 9.9, meanReturn: 0 }))).toEqual([]);
    expect(found(repeat(20, { meanQ: 300, meanReturn: 2, temperature: 0.2 }))).toEqual([]);
    expect(found(repeat(20, { meanQ: 300, meanReturn: 2 }))).toEqual(["values-exceed-returns after 5"]);
  });

  test("leaves a value function alone whose loss has fallen to a hundredth: nothing is left to explain", () => {
    const learned = { explainedVariance: -3, valueLoss: 0.02 };
    expect(found([{ ...learned, valueLoss: 30 }, ...repeat(20, learned)])).toEqual([]);
    expect(found([{ ...learned, valueLoss: 1 }, ...repeat(20, learned)])).toEqual(["value-explains-nothing after 10"]);
  });
});
