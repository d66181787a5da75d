import { OptionError } from "@uphill/core-math";
import { describe, expect, test } from "vitest";
import { importAtRunTime } from "./import-at-run-time.js";
import { nodeRuntime } from "./node-runtime.js";

describe("example", () => {
  test("the installed ONNX Runtime", async () => {
    const runtime = await nodeRuntime();
    expect(typeof runtime.InferenceSession.create).toBe("function");
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
