import { importAtRunTime } from "./import-at-run-time.js";
import { declineTelemetry, startError } from "./load-node-runtime.js";
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
    throw startError(
      cause,
      "runtime: expected onnxruntime-node to be installed (npm install onnxruntime-node) or a runtime to be given, got neither",
    );
  }
}
