import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const outDir = fileURLToPath(new URL("../node_modules/.cache/uphill-test/", import.meta.url));

/** The command as a program of its own. */
export const commandFile = join(outDir, "main.js");

/**
 * Builds the command and the packages under it from their sources, before the tests run, so that child processes test
 * what the sources say, whether or not `dist` is up to date. As when installed, each package exists once and can be
 * imported by its name.
 */
export async function setup(): Promise<void> {
  const packages = readdirSync(join(root, "packages")).filter((name) =>
    existsSync(join(root, "packages", name, "src/index.ts")),
  );
  const entries = packages.map((name) => [`packages/${name}`, join(root, "packages", name, "src/index.ts")]);
  await build({
    entry: {
      main: join(root, "apps/cli/src/main.ts"),
      "a3c-worker": join(root, "packages/actor-critic/src/node/a3c-worker.ts"),
      ...Object.fromEntries(entries),
    },
    outDir,
    clean: true,
    config: false,
    format: "esm",
    target: "es2022",
    platform: "node",
    silent: true,
    noExternal: [/^(?!commander$|onnxruntime-node$)/u],
    external: ["commander", "onnxruntime-node"],
    esbuildOptions: (options) => {
      options.conditions = ["uphill-source"];
    },
  });
  for (const name of packages) linkPackage(name);
}

/** Makes `@uphill/NAME` what the build has of it. */
function linkPackage(name: string): void {
  const folder = join(outDir, "node_modules/@uphill", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", main: "index.js" }));
  writeFileSync(join(folder, "index.js"), `export * from "../../../packages/${name}.js";\n`);
}
