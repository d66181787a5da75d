// The files of a new package, as data: path → content.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Every file of a package that `pnpm new:package` makes. */
export function packageFiles({ name, floor, description = "In one sentence, what this package is for." }) {
  return {
    "package.json": json(manifest({ name, floor, description })),
    ...configurationFiles(name),
    "README.md": readme(name, description),
    "src/index.ts": `export { answer } from "./answer.js";\n`,
    "src/answer.ts": `/** Returns the number that the first test of a new package expects. Replace it. */\nexport function answer(): number {\n  return 41;\n}\n`,
    "src/answer.test.ts": `import { expect, test } from "vitest";\nimport { answer } from "./answer.js";\n\ntest("answer is 42", () => {\n  expect(answer()).toBe(42);\n});\n`,
  };
}

/** The manifest of a package; `entries` maps export paths to sources, beyond the main one. */
export function manifest({ name, floor, description, entries = {}, dependencies = [], extra = {} }) {
  const sources = { ".": "./src/index.ts", ...entries };
  const built = (source) => source.replace("./src/", "./dist/").replace(/\.ts$/, "");
  const published = (source) => ({ types: `${built(source)}.d.ts`, default: `${built(source)}.js` });
  const exportsOf = (target) => Object.fromEntries(Object.entries(sources).map(([path, source]) => [path, target(source)]));
  return {
    name: `@uphill/${name}`,
    version: "0.0.0",
    description,
    keywords: ["reinforcement-learning", "policy-optimization"],
    license: "MIT",
    author: "Uphill contributors",
    files: ["dist"],
    type: "module",
    sideEffects: false,
    exports: exportsOf((source) => ({ "uphill-source": source, ...published(source) })),
    publishConfig: { access: "public", exports: exportsOf(published) },
    scripts: {
      build: "tsup && tsc -p tsconfig.build.json",
      test: "vitest run",
      typecheck: "tsc --noEmit -p .",
    },
    ...(dependencies.length > 0 && {
      dependencies: Object.fromEntries(dependencies.map((dependency) => [`@uphill/${dependency}`, "workspace:^"])),
    }),
    devDependencies: { "fast-check": "catalog:", vitest: "catalog:" },
    engines: { node: ">=20.20" },
    uphill: { floor },
    ...extra,
  };
}

/** The configuration that every package has in the same words. */
export function configurationFiles(name) {
  return {
    "tsconfig.json": json({ extends: "../../tsconfig.base.json", include: ["src", "test", "bench", "*.config.ts"] }),
    "tsconfig.build.json": json({
      extends: "./tsconfig.json",
      compilerOptions: {
        customConditions: [],
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        rootDir: "src",
        outDir: "dist",
      },
      include: ["src"],
      exclude: ["src/**/*.test.ts"],
    }),
    "tsup.config.ts": `import { moduleBuild } from "../../tsup.base.js";\n\nexport default moduleBuild();\n`,
    "vitest.config.ts": `import { packageTests } from "../../vitest.base.js";\n\nexport default packageTests("${name}");\n`,
  };
}

function readme(name, description) {
  return `# @uphill/${name}

${description}

\`\`\`sh
npm install @uphill/${name}
\`\`\`

\`\`\`ts
import { answer } from "@uphill/${name}";

console.log(answer());
\`\`\`

| export | formula | source |
|---|---|---|
| \`answer\` | 42 | |

Limits: none yet.
`;
}

/** Writes the files that are not there yet, and leaves the others as they are. */
export function writeMissing(folder, files) {
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    if (existsSync(target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}

function json(value) {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
