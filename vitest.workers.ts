import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "tsup";
import type { TestProject } from "vitest/node";

/** The script that a package's threads run; the others have those of environments alone. */
const scripts: Readonly<Record<string, string>> = { envs: "environment-worker", "actor-critic": "a3c-worker" };

/** Builds what a package's tests run on worker threads, which load JavaScript alone. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = (of: string): string => fileURLToPath(new URL(`packages/${of}/`, import.meta.url));
  const name = project.name in scripts ? project.name : "envs";
  const [own, script] = [folder(name), scripts[name]];
  const outDir = mkdtempSync(join(tmpdir(), "uphill-workers-"));
  await build({
    config: false,
    entry: {
      [script]: join(own, `src/node/${script}.ts`),
      envs: join(folder("envs"), "src/index.ts"),
      [name]: join(own, "src/index.ts"),
      environments: join(own, "test/worker-environments.ts"),
    },
    tsconfig: join(own, "tsconfig.json"),
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
