import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

interface Manifest {
  readonly exports?: Readonly<Record<string, string | { readonly "uphill-source"?: string }>>;
}

/** The sources behind a package's entry points, as its package.json names them. */
function entryPoints(): string[] {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
  return Object.values(manifest.exports ?? {})
    .map((target) => (typeof target === "string" ? undefined : target["uphill-source"]))
    .filter((source) => source !== undefined);
}

/** The tsup configuration of every package: one ES module an entry point; `tsc` adds the declarations. */
export function moduleBuild(entry: string[] | Record<string, string> = entryPoints()): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    external: [/^node:/],
    sourcemap: true,
    clean: true,
    dts: false,
    silent: true,
  });
}
