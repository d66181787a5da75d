import { readFileSync } from "node:fs";
import { findEnvironment } from "@uphill/envs";
import { flagName, formatOption, resolveOptions } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { ppoOptions, ppoPresets } from "./ppo-options.js";
import type { PpoSettings } from "./ppo-options.js";

/** Settings as a command line would say them. */
function flags(settings: PpoSettings): string {
  const names = Object.keys(settings) as (keyof PpoSettings)[];
  return names
    .map((name) => {
      const value = settings[name] ?? null;
      if (value === true) return flagName(name);
      return value === false
        ? flagName(name).replace("--", "--no-")
        : `${flagName(name)} ${formatOption(ppoOptions[name], value)}`;
    })
    .join(" ");
}

describe.each(Object.entries(ppoPresets))("the preset of %s", (id, preset) => {
  test("is for an environment that there is, and of options that there are", () => {
    expect(findEnvironment(id).id).toBe(id);
    expect(resolveOptions(ppoOptions, preset)).toMatchObject(preset);
  });

  test("is in the README as it is", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    expect(readme).toContain(`| ${id} | \`${flags(preset)}\` |`);
  });
});
