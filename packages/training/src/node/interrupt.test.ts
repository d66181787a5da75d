import { describe, expect, it } from "vitest";
import { listenForInterrupt } from "./interrupt.js";

describe("listenForInterrupt", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("aborts at the first %s and leaves the second to the system", (name) => {
    const before = process.listenerCount(name);
    const { signal } = listenForInterrupt();
    expect(process.listenerCount(name)).toBe(before + 1);
    process.listeners(name).at(-1)?.(name);
    expect(signal.aborted).toBe(true);
    expect(process.listenerCount(name)).toBe(before);
  });

  it("stops listening when released", () => {
    const before = process.listenerCount("SIGINT");
    const { signal, release } = listenForInterrupt();
    release();
    release();
    expect(process.listenerCount("SIGINT")).toBe(before);
    expect(signal.aborted).toBe(false);
  });
});
