import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "tsup";
import type { TestProject } from "vitest/node";

const envs = fileURLToPath(new URL("packages/envs/", import.meta.url));

/** Builds what tests run on worker threads, which load JavaScript alone. */
export async function setup(project: TestProject): Promise<() => void> {
  const outDir = mkdtempSync(join(tmpdir(), "uphill-workers-"));
  await build({
    config: false,
    entry: {
      "environment-worker": join(envs, "src/node/environment-worker.ts"),
      envs: join(envs, "src/index.ts"),
      environments: join(envs, "test/worker-environments.ts"),
    },
    tsconfig: join(envs, "tsconfig.json"),
    outDir,
    format: "esm",
    target: "es2022",
    platform: "node",
    noExternal: [/^@uphill\//],
    esbuildOptions: (options) => {
      options.conditions = ["uphill-source"];
    },
    silent: true,
  });
  project.provide("workerModules", `${pathToFileURL(outDir).href}/`);
  return () => {
    rmSync(outDir, { recursive: true });
  };
}
