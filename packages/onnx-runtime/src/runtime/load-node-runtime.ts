import { OptionError } from "@uphill/core-math";

/** Loads a module of npm by its name, at once. */
export type Require = (specifier: string) => unknown;

/**
 * What onnxruntime-node exports, loaded at once: whoever cannot train is to know before the first update. It is an optional
 * peer of this package, asked for in a way that no bundler follows.
 *
 * @param load - What loads it.
 * @throws OptionError where it is not installed, with the command that installs it, or does not start; or outside Node.js.
 */
export function loadNodeRuntime(load: Require = nodeRequire()): unknown {
  declineTelemetry();
  try {
    return load("onnxruntime-node");
  } catch (cause) {
    throw startError(cause, "onnxRuntime: expected onnxruntime-node to be installed (npm install onnxruntime-node), got none");
  }
}

/**
 * The error for an onnxruntime-node that does not load.
 *
 * @param cause - What came of loading it.
 * @param missing - What to say where it is not installed; else it does not fit this machine.
 */
export function startError(cause: unknown, missing: string): OptionError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const isMissing = /cannot find|failed to resolve|failed to load url/i.test(reason);
  return new OptionError(isMissing ? missing : `runtime: expected onnxruntime-node to start, got ${reason}`, { cause });
}

/** The native library reads the environment when it starts. */
export function declineTelemetry(): void {
  const { process } = globalThis as { process?: { env: Record<string, string | undefined> } };
  if (process !== undefined) process.env["ORT_DISABLE_TELEMETRY"] ??= "1";
}

function nodeRequire(): Require {
  const runtime: Partial<Pick<NodeJS.Process, "getBuiltinModule">> | undefined = globalThis.process;
  const modules = runtime?.getBuiltinModule?.("node:module");
  if (modules !== undefined) return modules.createRequire(import.meta.url);
  throw new OptionError("onnxRuntime: expected Node.js, got an engine without its modules (WebAssembly trains everywhere)");
}
