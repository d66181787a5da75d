import { readFileSync } from "node:fs";
import { environments, findEnvironment } from "@uphill/envs";
import { box2dEnvironments } from "@uphill/envs-box2d";
import { describe, expect, test } from "vitest";
import { flagName, formatOption, resolveOptions } from "../src/index.js";
import type { Algorithm } from "../src/index.js";

/**
 * What every preset of a package's algorithms keeps to.
 *
 * @param algorithms - As command lines see them.
 * @param readme - The package's page, whose table shows each preset as flags.
 */
export function describePresets(algorithms: readonly Algorithm[], readme: URL): void {
  const presets = algorithms.flatMap((algorithm) =>
    Object.entries(algorithm.presets).map(([id, preset]) => ({ name: algorithm.name, id, algorithm, preset })),
  );

  describe.each(presets)("the preset of $name for $id", ({ name, id, algorithm, preset }) => {
    test("is for an environment that there is, and of options that there are", () => {
      expect(findEnvironment(id, [...environments, ...box2dEnvironments]).id).toBe(id);
      expect(resolveOptions(algorithm.options, preset)).toMatchObject(preset);
    });

    test("is in the README as it is", () => {
      expect(readFileSync(readme, "utf8")).toContain(`| ${name} | ${id} | \`${flags(algorithm, preset)}\` |`);
    });
  });
}

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
