import { describe } from "@uphill/core-math";
import { definitionOf } from "../make.js";
import type { Rule } from "./rule.js";

/** What a source must be, before any episode. */
export const definitionRules: readonly Rule[] = [
  {
    name: "time-limit",
    remedy: "Give maxEpisodeSteps as a positive integer, or leave it out.",
    needs: [],
    check({ source }) {
      const limit: unknown = typeof source === "object" && source !== null ? source.maxEpisodeSteps : undefined;
      if (limit === undefined || (Number.isSafeInteger(limit) && Number(limit) > 0)) return undefined;
      return `maxEpisodeSteps: expected a positive integer, got ${describe(limit)}`;
    },
  },
  {
    name: "definition",
    remedy: 'Give a definition such as { id: "Corridor", make: () => new Corridor() }, or the function alone.',
    needs: ["time-limit"],
    check({ source }) {
      definitionOf(source);
      return undefined;
    },
  },
  {
    name: "environment",
    remedy: "Let make() return a new object with observationSpace, actionSpace, reset and step.",
    needs: ["definition"],
    check(probe) {
      const environment: unknown = probe.make();
      if (typeof environment !== "object" || environment === null) {
        return `make(): expected an environment, got ${describe(environment)}`;
      }
      const missing = ["reset", "step"].find((name) => typeof Reflect.get(environment, name) !== "function");
      if (missing !== undefined)
        return `${missing}: expected a method, got ${describe(Reflect.get(environment, missing))}`;
      return probe.make() === environment ? "make(): expected a new environment, got the same one twice" : undefined;
    },
  },
];
