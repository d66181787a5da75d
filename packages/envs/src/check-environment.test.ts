import { describe, expect, test } from "vitest";
import { Corridor, corridor } from "../test/corridor.js";
import { asSource, corridorWith, plantedFaults } from "../test/planted-faults.js";
import { plantedVectorFaults, shortCorridor } from "../test/planted-vector-faults.js";
import { Slider } from "../test/slider.js";
import { cartPole } from "./cart-pole.js";
import { checkEnvironment, checkVectorEnvironment, type SingleRuleName, type VectorMaker } from "./check-environment.js";
import type { EnvironmentSource, ResetOptions, Step } from "./environment.js";
import { makeEnvironment, makeVectorEnvironment } from "./make.js";
import { pendulum } from "./pendulum.js";
import { box } from "./spaces/box.js";

test("a sound environment has no findings", () => {
  for (const source of [corridor, () => new Corridor(), () => new Slider(), cartPole, pendulum]) {
    expect(checkEnvironment(source)).toEqual([]);
  }
});

test("a finding says which rule is broken, what was seen and what to do", () => {
  class Careless extends Corridor {
    override step(action: number): Step {
      return { ...super.step(action), reward: Number.NaN };
    }
  }
  expect(checkEnvironment(() => new Careless())).toEqual([
    {
      rule: "reward",
      message: "step() number 1 of an episode: expected a finite reward, got NaN",
      remedy: "Return a finite number as reward; a division by zero or an overflow gives NaN or Infinity.",
    },
  ]);
});

describe.each(Object.entries(plantedFaults))("rule %s", (rule, faults) => {
  test.each(Object.entries(faults))("finds: %s", (_, faulty) => {
    const findings = checkEnvironment(faulty);
    expect(findings.map((finding) => finding.rule)).toContain(rule);
    for (const { message, remedy } of findings) expect(message.length * remedy.length).toBeGreaterThan(0);
  });
});

test("a sound vector has no findings: native, over single environments, or a vector of one's own", () => {
  const sources: readonly EnvironmentSource[] = [
    cartPole,
    { ...cartPole, makeBatch: undefined },
    shortCorridor,
    () => new Slider(),
  ];
  for (const source of sources) {
    const make: VectorMaker = (count, autoreset) => makeVectorEnvironment(source, count, { autoreset });
    expect(checkVectorEnvironment(make, source)).toEqual([]);
  }
});

describe.each(Object.entries(plantedVectorFaults))("rule %s", (rule, faults) => {
  test.each(Object.entries(faults))("finds: %s", (_, faulty) => {
    const findings =
      typeof faulty === "function" ? checkVectorEnvironment(faulty, shortCorridor) : checkEnvironment(faulty);
    expect(findings.map((finding) => finding.rule)).toContain(rule);
    for (const { message, remedy } of findings) expect(message.length * remedy.length).toBeGreaterThan(0);
  });
});

test("a finding about a vector names the environment", () => {
  const [finding] = checkEnvironment(plantedVectorFaults["same-step"]["rewards of the neighbour"] as EnvironmentSource);
  expect(finding.message).toMatch(/^step\(\) number \d+, environment [02]: expected reward .*, got /u);
});

test("environments that differ in their spaces make no vector", () => {
  let made = 0;
  const source = corridorWith(() => {
    made += 1;
    return made % 2 === 0 ? { observationSpace: box({ low: [0, 0], high: [11, 1] }) } : {};
  });
  expect(checkEnvironment(source)).toMatchObject([
    { rule: "vector", message: expect.stringContaining("expected the spaces of environment 0, got others") as string },
  ]);
});

test("a fault leads to one finding, not to one for each rule that depends on it", () => {
  const single: readonly SingleRuleName[] = [
    "definition",
    "environment",
    "observation-space",
    "reset",
    "step",
    "reward",
    "flags",
  ];
  for (const rule of single) {
    for (const faulty of Object.values(plantedFaults[rule])) {
      expect(checkEnvironment(faulty).map((finding) => finding.rule)).toEqual([rule]);
    }
  }
});

test("an environment without chance may ignore its seed", () => {
  const still = corridorWith((inner) => {
    const reset = inner.reset.bind(inner);
    const step = inner.step.bind(inner);
    return {
      saveState: undefined,
      restoreState: undefined,
      reset: (options?: ResetOptions) => {
        reset(options);
        return Float32Array.of(5, 0);
      },
      step: (action: number) => ({
        ...step(action),
        observation: Float32Array.of(5, 0),
        reward: 0,
        terminated: false,
        info: {},
      }),
    };
  });
  expect(checkEnvironment(still)).toEqual([]);
});

test("the guard keeps the rules about calls for those who do not write them", () => {
  const rules: readonly SingleRuleName[] = ["seed-validation", "action-validation", "step-before-reset", "close"];
  for (const rule of rules) {
    for (const faulty of Object.values(plantedFaults[rule])) {
      const findings = checkEnvironment(() => makeEnvironment(faulty));
      expect(findings.map((finding) => finding.rule)).not.toContain(rule);
    }
  }
});

test("whatever comes, it throws nothing", () => {
  for (const value of [null, 5, "CartPole-v1", {}, [], () => null, { id: "x", make: 5 }]) {
    expect(checkEnvironment(asSource(value)).length).toBeGreaterThan(0);
  }
});
