import { FormatError, OptionError } from "@uphill/core-math";
import { expect, test } from "vitest";
import { cartPole } from "./cart-pole.js";
import { importEnvironment, moduleOf } from "./import-environment.js";
import { makeEnvironment } from "./make.js";
import { timeLimit } from "./wrappers/time-limit.js";

const module = new URL("./cart-pole.js", import.meta.url);

test("an imported environment is the module's own, and says where it is from", async () => {
  const env = await importEnvironment({ module, export: "cartPole" });
  expect(env).toBe(cartPole);
  expect(moduleOf(env)).toEqual({ module: module.href, export: "cartPole" });
  expect(makeEnvironment(env).actionSpace.kind).toBe("discrete");
});

test("a wrapper around it, or one made here, is of no module", async () => {
  const env = await importEnvironment({ module, export: "cartPole" });
  expect(moduleOf(timeLimit(env, 7))).toBeUndefined();
  expect(moduleOf(() => makeEnvironment(cartPole))).toBeUndefined();
});

test.each<[object, new (message: string) => Error, string]>([
  [{ module: "crane.js" }, OptionError, "module: expected a URL"],
  [{ module, export: "crane" }, OptionError, "got crane; its exports are cartPole"],
  [{ module }, OptionError, "got default; its exports are cartPole"],
  [{ module: "file:///nowhere/crane.js" }, FormatError, "file:///nowhere/crane.js: expected a module that loads"],
])("%o is refused", async (options, kind, message) => {
  const importing = importEnvironment(options as Parameters<typeof importEnvironment>[0]);
  await expect(importing).rejects.toThrow(kind);
  await expect(importing).rejects.toThrow(message);
});
