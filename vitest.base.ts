import { fileURLToPath } from "node:url";
import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

/** Resolves `@uphill/*` to sources, so that tests and the demo need no build. */
const sourceConditions = ["uphill-source", ...defaultServerConditions];

declare module "vitest" {
  export interface ProvidedContext {
    /**
     * URL of a folder with the script of the package's threads, the package, `envs.js` and `environments.js`, where `workers`
     * is asked for.
     */
    readonly workerModules: string;
  }
}

/**
 * The vitest configuration of every package. The JSON results are what `.ci/run` counts.
 *
 * @param options - `workers`: whether the package has worker threads, which load built modules.
 */
export function packageTests(name: string, { workers = false } = {}): ReturnType<typeof defineConfig> {
  return defineConfig({
    resolve: { conditions: sourceConditions },
    ssr: { resolve: { conditions: sourceConditions } },
    test: {
      name,
      include: ["src/**/*.test.ts"],
      globalSetup: workers ? [fileURLToPath(new URL("vitest.workers.ts", import.meta.url))] : [],
      setupFiles: [fileURLToPath(new URL("vitest.setup.ts", import.meta.url))],
      reporters: ["default", "json"],
      outputFile: { json: ".results/vitest.json" },
      // ONNX Runtime reports its use over the network, and leaves log files, unless it is told not to.
      env: { ORT_DISABLE_TELEMETRY: "1" },
      // The modules hold no state that a test changes, and a worker for each file takes twice as long.
      isolate: false,
      // More runs of each property take as long as they take.
      testTimeout: process.env["FAST_CHECK_RUNS"] === undefined ? 60_000 : 0,
    },
  });
}
