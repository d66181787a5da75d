import { readFileSync } from "node:fs";
import { findEnvironment } from "@uphill/envs";
import { flagName, formatOption, resolveOptions } from "@uphill/training";
import type { Algorithm } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { klPenaltyAlgorithm, npgAlgorithm, ppoAlgorithm, reinforceAlgorithm, trpoAlgorithm } from "./index.js";

/** A preset as a command line would say it. */
function flags({ options }: Algorithm, preset: Algorithm["presets"][string]): string {
  return Object.entries(preset)
    .map(([name, value = null]) => {
      if (value === true) return flagName(name);
      return value === false
        ? flagName(name).replace("--", "--no-")
        : `${flagName(name)} ${formatOption(options[name], value)}`;
    })
    .join(" ");
}

const algorithms: readonly Algorithm[] = [
  ppoAlgorithm, trpoAlgorithm, npgAlgorithm, klPenaltyAlgorithm, reinforceAlgorithm,
];
const presets = algorithms.flatMap((algorithm) =>
  Object.entries(algorithm.presets).map(([id, preset]) => ({ name: algorithm.name, id, algorithm, preset })),
);

describe.each(presets)("the preset of $name for $id", ({ name, id, algorithm, preset }) => {
  test("is for an environment that there is, and of options that there are", () => {
    expect(findEnvironment(id).id).toBe(id);
    expect(resolveOptions(algorithm.options, preset)).toMatchObject(preset);
  });

  test("is in the README as it is", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    expect(readme).toContain(`| ${name} | ${id} | \`${flags(algorithm, preset)}\` |`);
  });
});
