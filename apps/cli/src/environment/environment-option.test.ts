import { OptionError } from "@uphill/core-math";
import { lunarLander } from "@uphill/envs-box2d";
import { expect, it } from "vitest";
import { environmentNamed } from "./environment-option.js";

it("knows the environments of physics engines by their ids", async () => {
  expect(await environmentNamed("LunarLander-v3")).toEqual({ reference: "LunarLander-v3", source: lunarLander });
});

it("names the nearest one for an id of old", async () => {
  const refusal = environmentNamed("LunarLander-v2");
  await expect(refusal).rejects.toThrow(OptionError);
  await expect(refusal).rejects.toThrow('got "LunarLander-v2"; did you mean LunarLander-v3');
});
