import { OptionError } from "@uphill/core-math";
import { importAtRunTime } from "./import-at-run-time.js";
import type { OnnxRuntime } from "./onnx-runtime.js";

/**
 * ONNX Runtime for Node.js, which is an optional peer of this package. By itself it reports its use to its makers;
 * here it does so only where the environment variable `ORT_DISABLE_TELEMETRY` is set to 0.
 *
 * @param importModule - What imports it.
 * @throws OptionError where it is not installed, with the command that installs it, or does not start here.
 */
export async function nodeRuntime(importModule: typeof importAtRunTime = importAtRunTime): Promise<OnnxRuntime> {
  declineTelemetry();
  try {
    return (await importModule("onnxruntime-node")) as OnnxRuntime;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const missing = /cannot find|failed to resolve|failed to load url/i.test(reason);
    throw new OptionError(
      missing
        ? "runtime: expected onnxruntime-node to be installed (npm install onnxruntime-node) or a runtime to be given, got neither"
        : `runtime: expected onnxruntime-node to start, got ${reason}`,
      { cause },
    );
  }
}

/** The native library reads the environment when it starts. */
function declineTelemetry(): void {
  const { process } = globalThis as { process?: { env: Record<string, string | undefined> } };
  if (process !== undefined) process.env["ORT_DISABLE_TELEMETRY"] ??= "1";
}
