import { FormatError, NumericalError, OptionError, ShapeError, StateError } from "@uphill/core-math";
import { describe, expect, it } from "vitest";
import { readSaved } from "./read-saved.js";

function throwing(error: Error): () => never {
  return () => {
    throw error;
  };
}

describe("readSaved", () => {
  it("returns what was read", () => {
    expect(readSaved(() => 3)).toBe(3);
  });

  it.each([OptionError, ShapeError, NumericalError])("calls a wrong argument damage: %o", (type) => {
    const cause = new type("size: expected 1, got 2");
    expect(() => readSaved(throwing(cause))).toThrow(new FormatError("size: expected 1, got 2", { cause }));
  });

  it.each([new FormatError("damaged"), new StateError("closed"), new TypeError("a fault")])("passes on %o", (error) => {
    expect(() => readSaved(throwing(error))).toThrow(error);
  });
});
