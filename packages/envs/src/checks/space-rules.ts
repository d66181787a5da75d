import { describe, Random } from "@uphill/core-math";
import { Box } from "../spaces/box.js";
import { isActionSpace, type Space, spaceFromJSON } from "../spaces/space.js";
import type { Probe } from "./probe.js";
import type { Rule } from "./rule.js";
import { sameValue } from "./same-value.js";

const SAMPLES = 20;

/** What the spaces must be. */
export const spaceRules: readonly Rule[] = [
  {
    name: "observation-space",
    remedy: "Make observationSpace with box({ low, high }), and leave its bounds as they are.",
    needs: ["environment"],
    check(probe) {
      const space: unknown = probe.make().observationSpace;
      if (!(space instanceof Box)) return `observationSpace: expected a box, got ${describe(space)}`;
      return malformed("observationSpace", space);
    },
  },
  {
    name: "action-space",
    remedy: "Make actionSpace with discrete(n), box({ low, high }), multiDiscrete(counts) or multiBinary(size), and leave it as it is.",
    needs: ["environment"],
    check(probe) {
      const space: unknown = probe.make().actionSpace;
      if (!isActionSpace(space)) return `actionSpace: expected a box, a choice, several choices or bits, got ${describe(space)}`;
      if (space.kind === "box") return malformed("actionSpace", space);
      const wrong = (space.kind === "discrete" ? [space.n] : space.counts).find((count) => !(count > 0));
      return wrong === undefined ? undefined : `actionSpace: expected positive numbers of choices, got ${wrong}`;
    },
  },
  {
    name: "space-sample",
    remedy: "Draw samples from the stream that sample() is given and from nothing else, and within the bounds.",
    needs: ["observation-space", "action-space"],
    check: (probe) => firstIn(probe, unsoundSample),
  },
  {
    name: "space-json",
    remedy: "Use the spaces of box(), discrete(), multiDiscrete() and multiBinary() as they are: they compare and save themselves.",
    needs: ["observation-space", "action-space"],
    check: (probe) => firstIn(probe, unsoundJSON),
  },
];

function firstIn(probe: Probe, fault: (name: string, space: Space) => string | undefined): string | undefined {
  const { observationSpace, actionSpace } = probe.make();
  return fault("observationSpace", observationSpace) ?? fault("actionSpace", actionSpace);
}

function malformed(name: string, { shape, size, low, high }: Box): string | undefined {
  const elements = shape.reduce((product, length) => product * length, 1);
  if (elements !== size || low.length !== size || high.length !== size) {
    return `${name}: expected bounds for shape [${shape.join(", ")}], got ${low.length} low and ${high.length} high`;
  }
  const wrong = low.findIndex((bound, i) => !(bound <= high[i]));
  return wrong < 0
    ? undefined
    : `${name}: expected low[${wrong}] ≤ high[${wrong}], got ${low[wrong]} and ${high[wrong]}`;
}

function unsoundSample(name: string, space: Space): string | undefined {
  const [first, second] = [new Random(3), new Random(3)];
  for (let i = 0; i < SAMPLES; i++) {
    const sample = space.sample(first);
    if (!space.contains(sample)) return `${name}.sample(): gave ${describe(sample)}, which the space does not contain`;
    if (!sameValue(sample, space.sample(second))) return `${name}.sample(): gave two values from one seed`;
  }
  return undefined;
}

function unsoundJSON(name: string, space: Space): string | undefined {
  if (!space.equals(space)) return `${name}.equals(): expected true of the space itself, got false`;
  const copy = spaceFromJSON(JSON.parse(JSON.stringify(space)));
  return copy.equals(space) && space.equals(copy) ? undefined : `${name}: came back from JSON as another space`;
}
