import { OptionError } from "@uphill/core-math";
import { afterEach, describe, expect, test, vi } from "vitest";
import { loadNodeRuntime } from "./load-node-runtime.js";
import { nodeRuntime } from "./node-runtime.js";

afterEach(() => vi.unstubAllEnvs());

describe("example", () => {
  test("the installed ONNX Runtime, the same that is imported", async () => {
    const { InferenceSession } = loadNodeRuntime() as Awaited<ReturnType<typeof nodeRuntime>>;
    expect(InferenceSession).toBe((await nodeRuntime()).InferenceSession);
  });
});

describe("laws", () => {
  test("telemetry is declined before the library loads, unless it was asked for", () => {
    for (const [before, during] of [[undefined, "1"], ["0", "0"]]) {
      vi.stubEnv("ORT_DISABLE_TELEMETRY", before);
      let seen: string | undefined;
      loadNodeRuntime(() => (seen = process.env["ORT_DISABLE_TELEMETRY"]));
      expect(seen).toBe(during);
    }
  });
});

describe("errors", () => {
  test("not installed: the command that installs it", () => {
    const missing = () => loadNodeRuntime(() => {
      throw new Error("Cannot find module 'onnxruntime-node'");
    });
    expect(missing).toThrow(OptionError);
    expect(missing).toThrow("(npm install onnxruntime-node)");
  });

  test("installed, but its binary does not load: why", () => {
    const broken = () => loadNodeRuntime(() => {
      throw new Error("libonnxruntime.so.1: wrong ELF class");
    });
    expect(broken).toThrow("runtime: expected onnxruntime-node to start, got libonnxruntime.so.1: wrong ELF class");
  });

  test("outside Node.js: what trains there", () => {
    vi.stubGlobal("process", undefined);
    try {
      expect(() => loadNodeRuntime()).toThrow("onnxRuntime: expected Node.js, got an engine without its modules");
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
