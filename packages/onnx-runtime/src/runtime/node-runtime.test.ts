import { OptionError } from "@uphill/core-math";
import { describe, expect, test, vi } from "vitest";
import { importAtRunTime } from "./import-at-run-time.js";
import { nodeRuntime } from "./node-runtime.js";

describe("example", () => {
  test("the installed ONNX Runtime", async () => {
    const runtime = await nodeRuntime();
    expect(typeof runtime.InferenceSession.create).toBe("function");
  });
});

describe("laws", () => {
  test.each([
    [undefined, "1"],
    ["0", "0"],
    ["1", "1"],
  ])("telemetry is declined before the library loads, unless it was asked for: %s gives %s", async (before, during) => {
    vi.stubEnv("ORT_DISABLE_TELEMETRY", before);
    let seen: string | undefined;
    await nodeRuntime(async () => {
      seen = process.env["ORT_DISABLE_TELEMETRY"];
      return {};
    });
    vi.unstubAllEnvs();
    expect(seen).toBe(during);
  });
});

describe("errors", () => {
  test("not installed: the command that installs it", async () => {
    const missing = nodeRuntime(() => importAtRunTime("a-package-that-is-not-installed"));
    await expect(missing).rejects.toThrow(OptionError);
    await expect(missing).rejects.toThrow("(npm install onnxruntime-node)");
  });

  test("installed, but its binary does not load: why", async () => {
    const broken = nodeRuntime(() => Promise.reject(new Error("libonnxruntime.so.1: wrong ELF class")));
    await expect(broken).rejects.toThrow("runtime: expected onnxruntime-node to start, got libonnxruntime.so.1: wrong ELF class");
  });
});
