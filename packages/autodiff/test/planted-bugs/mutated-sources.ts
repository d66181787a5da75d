import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createServer, createServerModuleRunner, defaultServerConditions } from "vite";
import type { Plugin } from "vite";
import type * as search from "./search.js";

const root = resolve(import.meta.dirname, "../..");

/** A mistake in one line of the package's sources. */
export interface PlantedBug {
  /** What goes wrong. */
  readonly name: string;
  /** Below `src`. */
  readonly file: string;
  /** Text that occurs there exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** The file's text with the mistake. @throws Error where the text is not there exactly once. */
export function withBug({ name, file, find, replace }: PlantedBug): string {
  const text = readFileSync(join(root, "src", file), "utf8");
  const count = text.split(find).length - 1;
  if (count !== 1) {
    throw new Error(`planted bug "${name}": expected its text once in ${file}, got it ${count} times: ${JSON.stringify(find)}`);
  }
  return text.replace(find, () => replace);
}

/**
 * What the random programs find wrong with these sources and a mistake in them. The sources are loaded afresh, changed on
 * the way; no file is written.
 *
 * @param bug - The mistake; without one, the sources as they are.
 * @param programs - How many are tried at most.
 */
export async function searchWith(bug: PlantedBug | undefined, programs: number): Promise<string | undefined> {
  const mutated = bug && { path: join(root, "src", bug.file), text: withBug(bug) };
  const plugin: Plugin = {
    name: "planted-bug",
    enforce: "pre",
    transform: (_, id) => (id === mutated?.path ? mutated.text : undefined),
  };
  const server = await createServer({
    root,
    configFile: false,
    logLevel: "silent",
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    ssr: { resolve: { conditions: ["uphill-source", ...defaultServerConditions] } },
    plugins: [plugin],
  });
  try {
    const runner = createServerModuleRunner(server.environments.ssr, { hmr: false });
    const { firstMistake } = await runner.import<typeof search>("/test/planted-bugs/search.ts");
    return firstMistake(programs);
  } finally {
    await server.close();
  }
}
