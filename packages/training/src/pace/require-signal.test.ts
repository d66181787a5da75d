import { runInNewContext } from "node:vm";
import { OptionError } from "@uphill/core-math";
import { describe, expect, it } from "vitest";
import { requireSignal } from "./require-signal.js";

describe("requireSignal", () => {
  it("returns a signal, of another realm too, and nothing for nothing", () => {
    const { signal } = new AbortController();
    expect(requireSignal("signal", signal)).toBe(signal);
    expect(requireSignal("signal", undefined)).toBeUndefined();
    const foreign: unknown = runInNewContext("({ aborted: false, addEventListener() {} })");
    expect(requireSignal("signal", foreign)).toBe(foreign);
  });

  it.each([null, true, {}, new AbortController(), { aborted: 0, addEventListener: 1 }])("refuses %o", (value) => {
    expect(() => requireSignal("signal", value)).toThrow(OptionError);
    expect(() => requireSignal("signal", value)).toThrow(/^signal: expected an AbortSignal, got /u);
  });
});
