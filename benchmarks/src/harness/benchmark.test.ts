import { expect, test } from "vitest";
import { integerParameter, UsageError } from "./benchmark.js";

test("an integer parameter is read, or its fallback where it is absent", () => {
  expect(integerParameter("WIDTH", "7", 64, 1)).toBe(7);
  expect(integerParameter("WIDTH", undefined, 64, 1)).toBe(64);
});

test.each(["0", "1.5", "wide"])("%s is refused, with the parameter's name", (text) => {
  const refused = new UsageError(`WIDTH: expected an integer of at least 1, got ${text}`);
  expect(() => integerParameter("WIDTH", text, 64, 1)).toThrow(refused);
});
