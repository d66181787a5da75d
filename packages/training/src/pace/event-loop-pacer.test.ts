import { OptionError } from "@uphill/core-math";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EventLoopPacer } from "./event-loop-pacer.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("EventLoopPacer", () => {
  it("is due after the given time and not before, counted from the last turn", async () => {
    let now = 100;
    const pacer = new EventLoopPacer(20, () => now);
    expect(pacer.due).toBe(false);
    now = 119;
    expect(pacer.due).toBe(false);
    now = 120;
    expect(pacer.due).toBe(true);
    await pacer.turn();
    expect(pacer.due).toBe(false);
    now = 140;
    expect(pacer.due).toBe(true);
  });

  describe.each(["setImmediate", "MessageChannel"])("turning by %s", (means) => {
    it("lets timers and messages be heard by work that never waits for anything else", async () => {
      if (means === "MessageChannel") vi.stubGlobal("setImmediate", undefined);
      const heard = new Set<string>();
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener("message", () => heard.add("message"));
      port1.start();
      port2.postMessage("stop");
      setTimeout(() => heard.add("timer"), 1);
      const pacer = new EventLoopPacer(0);
      let turns = 0;
      while (heard.size < 2 && turns < 1_000_000) {
        if (pacer.due) await pacer.turn();
        turns++;
      }
      port1.close();
      expect([...heard].sort()).toEqual(["message", "timer"]);
    });
  });

  it("refuses a time that is none", () => {
    expect(() => new EventLoopPacer(-1)).toThrow(new OptionError("everyMs: expected a finite number ≥ 0, got -1"));
  });
});
