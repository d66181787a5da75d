import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { environmentFile } from "../../test/environments/index.js";
import { emptyFolder } from "../../test/folder.js";
import { UphillProcess } from "../../test/spawn-uphill.js";
import { resolveForParent } from "./share-packages.js";

it("resolves packages of Uphill as the command does, those that it lacks and all others as usual", async () => {
  const command = "file:///uphill/main.js";
  const from = { parentURL: "file:///mine/environment.mjs", conditions: [] };
  const resolve = async (specifier: string) =>
    resolveForParent(command, specifier, from, (name, context) => {
      if (name === "@uphill/lacking" && "parentURL" in context && context.parentURL === command) throw new Error("none");
      return { name, ...context };
    });
  expect(await resolve("@uphill/envs")).toEqual({ name: "@uphill/envs", parentURL: command, conditions: [] });
  expect(await resolve("@uphill/lacking")).toEqual({ name: "@uphill/lacking", ...from });
  expect(await resolve("rapier")).toEqual({ name: "rapier", ...from });
});

it("lets an environment in a folder where nothing is installed import Uphill's packages", async () => {
  const folder = await emptyFolder();
  await copyFile(environmentFile("corridor"), join(folder, "mine.mjs"));
  const child = new UphillProcess(["check-env", "mine.mjs"], folder);
  expect(await child.line()).toBe("mine.mjs: Corridor-v0 is sound");
  expect(await child.end()).toBe(0);
});

it("lets worker threads import them too", async () => {
  const folder = await emptyFolder();
  await copyFile(environmentFile("corridor"), join(folder, "mine.mjs"));
  const child = new UphillProcess(["train", "a3c", "--env", "mine.mjs", "--workers", "2", "--steps", "400", "--out", "run"], folder);
  expect(await child.end(), child.stderr).toBe(0);
});
