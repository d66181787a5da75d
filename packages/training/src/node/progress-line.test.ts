import { PassThrough } from "node:stream";
import { OptionError } from "@uphill/core-math";
import { describe, expect, it } from "vitest";
import { ProgressLine, type ProgressStream } from "./progress-line.js";

function terminal(columns: number): ProgressStream & PassThrough {
  return Object.assign(new PassThrough(), { isTTY: true, columns });
}

function written(stream: PassThrough): string {
  return String(stream.read() ?? "");
}

/** What a terminal shows after the given output: lines, with column 0 and erase-to-end-of-line obeyed. */
function screen(output: string): string {
  const lines = output.split("\n");
  return lines.map((line) => line.split("\u001B[1G").at(-1)?.replace("\u001B[0K", "")).join("\n");
}

describe("ProgressLine on a terminal", () => {
  it("writes over its one line, and ends it once", () => {
    const stream = terminal(40);
    const progress = new ProgressLine(stream);
    progress.update("a long first line");
    progress.update("second");
    const output = written(stream);
    expect(screen(output)).toBe("second");
    expect(output).not.toContain("\n");
    progress.finish();
    progress.finish();
    expect(written(stream)).toBe("\n");
    progress.update("third");
    expect(written(stream)).toBe("third");
  });

  it("cuts a line that would wrap", () => {
    const stream = terminal(10);
    new ProgressLine(stream).update("0123456789abc");
    expect(written(stream)).toBe("012345678");
  });
});

describe("ProgressLine elsewhere", () => {
  it("writes plain lines, not more often than asked, and always the last one", () => {
    const stream = new PassThrough();
    let now = 0;
    const progress = new ProgressLine(stream, { everyMs: 100, now: () => now });
    for (now = 0; now <= 250; now += 10) progress.update(`at ${now}`);
    progress.finish();
    progress.finish();
    expect(written(stream)).toBe("at 0\nat 100\nat 200\nat 250\n");
  });

  it("refuses a time that is none", () => {
    expect(() => new ProgressLine(new PassThrough(), { everyMs: NaN })).toThrow(OptionError);
  });
});
