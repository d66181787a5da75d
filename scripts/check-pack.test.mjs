import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { execute } from "./consumer.mjs";
import { manifest } from "./package-template.mjs";
import { folderWith } from "./testing.mjs";
import { repositoryRoot } from "./workspace.mjs";

/** A package that is sound as packed, but for the changes: path → content, and to its manifest. */
function packageNamed(name, { changes = {}, publish } = {}) {
  const described = manifest({ name, floor: 0, description: "Draws.", entries: { "./node": "./src/node.ts" } });
  delete described.devDependencies;
  const files = {
    "package.json": { ...described, bin: { [name]: "./dist/main.js" }, publishConfig: publish ?? described.publishConfig },
    "README.md": `# ${name}\n`,
    "dist/index.js": "export const one = 1;\n",
    "dist/index.d.ts": "export declare const one = 1;\n",
    "dist/node.js": `import "node:fs";\nexport const two = 2;\n`,
    "dist/node.d.ts": "export declare const two: 2;\n",
    "dist/main.js": `#!/usr/bin/env node\nconsole.log("usage: ${name}");\n`,
    ...changes,
  };
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`packages/${name}/${path}`, content]));
}

async function check(...packages) {
  const shared = { "pnpm-workspace.yaml": "packages: [packages/*]\n", LICENSE: "MIT" };
  const root = folderWith(Object.assign(shared, ...packages), onTestFinished);
  const parameters = [join(repositoryRoot, "scripts/check-pack.mjs"), "--root", root];
  const PATH = [join(repositoryRoot, "node_modules/.bin"), process.env.PATH].join(delimiter);
  return execute(process.execPath, parameters, { env: { ...process.env, PATH } });
}

test("sound packages pass", async () => {
  const { code, output } = await check(packageNamed("lottery"), packageNamed("raffle"));
  expect(output).toBe("2 packages are sound as packed: contents, publint, attw, imports, types, commands\n");
  expect(code).toBe(0);
});

test("each fault of a package is named", async () => {
  const declarations = {
    "dist/index.d.ts": `export * from "./part";\n`,
    "dist/part.d.ts": "export declare const one = 1;\n",
  };
  const { code, output } = await check(
    packageNamed("sources", { publish: {} }),
    packageNamed("unread", { changes: { "README.md": "" } }),
    packageNamed("dangling", { changes: { "dist/node.d.ts": `export { two } from "./nowhere.js";\n` } }),
    packageNamed("unlisted", { changes: { "dist/node.js": `import "fast-check";\nexport const two = 2;\n` } }),
    packageNamed("hollow", { changes: { "dist/index.js": "export {};\n" } }),
    packageNamed("failing", { changes: { "dist/main.js": "#!/usr/bin/env node\nprocess.exit(3);\n" } }),
    packageNamed("unmarked", { changes: { "dist/main.js": "1;\n" } }),
    packageNamed("loose", { changes: declarations }),
  );
  expect(output).toContain(`@uphill/sources: the packed package.json still says "uphill-source"`);
  expect(output).toContain("@uphill/unread: the tarball has no README.md");
  expect(output).toMatch(/do not type-check:\n.*dangling.*nowhere/);
  expect(output).toContain(`import "@uphill/unlisted/node" fails outside the workspace`);
  expect(output).toContain(`import "@uphill/hollow" fails outside the workspace`);
  expect(output).toContain("failing --help ends with code 3");
  expect(output).toContain("@uphill/unmarked: publint says");
  expect(output).toContain("@uphill/loose: attw says");
  expect(code).toBe(1);
});
