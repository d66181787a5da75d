import { describe, expect, it } from "vitest";
import { count, number, seconds, spread, withoutParts } from "./format.js";
import { nextCommand, runsInClone } from "./next-command.js";
import { table } from "./table.js";

describe("numbers for people", () => {
  it("groups counts, rounds returns, and keeps digits of small ones", () => {
    expect([count(1_234_567), count(12)]).toEqual(["1,234,567", "12"]);
    expect([number(487.26), number(-1234.56), number(0)]).toEqual(["487.3", "-1234.6", "0.0"]);
    expect(number(0.012345)).toBe("0.0123");
    expect(spread(487.26, 12.1)).toBe("487.3 ± 12.1");
    expect(seconds(12_345)).toBe("12.3 s");
  });
});

describe("withoutParts", () => {
  it("leaves out whole parts from the end, so that the rest fits", () => {
    const text = "1,000 steps, return 3, 2 s left";
    expect([31, 30, 21, 20].map((most) => withoutParts(text, most))).toEqual([
      text,
      "1,000 steps, return 3",
      "1,000 steps, return 3",
      "1,000 steps",
    ]);
    expect(withoutParts("one long part", 5)).toBe("one long part");
  });
});

describe("table", () => {
  it("lines up columns of rows of different lengths", () => {
    expect(table([["a", "long", "x"], ["bcd", "e"], []], 1)).toEqual([" a    long  x", " bcd  e", ""]);
  });
});

describe("next command", () => {
  const clone = { variables: { npm_package_name: "uphill", npm_lifecycle_event: "start" } };

  it("goes by npm in a clone, and quotes what a shell would take apart", () => {
    expect(nextCommand({ variables: {} }, "resume", "runs/a b")).toBe("uphill resume 'runs/a b'");
    expect(nextCommand(clone, "resume", "it's")).toBe(String.raw`npm run -s uphill -- resume 'it'\''s'`);
    expect([runsInClone(clone), runsInClone({ variables: { npm_package_name: "mine" } })]).toEqual([true, false]);
  });
});
