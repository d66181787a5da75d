import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { emptyFolder } from "../test/folder.js";
import { UphillProcess } from "../test/spawn-uphill.js";
import { uphill } from "../test/uphill.js";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

/** The code blocks of one language. */
function blocks(language: string): readonly string[] {
  return [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gmu)]
    .filter(([, name]) => name === language)
    .map(([, , code]) => code);
}

const commands = blocks("sh")
  .flatMap((code) => code.trim().split("\n"))
  .filter((line) => line.startsWith("uphill "))
  .map((line) => line.split(" ").slice(1));

it("shows commands that all work, one after the other", { timeout: 240_000 }, async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, "corridor.mjs"), blocks("js")[0]);
  await writeFile(join(folder, "stored.jsonl"), blocks("jsonl")[0]);
  for (const command of commands) {
    const child = new UphillProcess(command, folder);
    const printed = await child.line();
    expect(await child.end(), `uphill ${command.join(" ")}: ${child.stderr}`).toBe(0);
    expect(printed).toBeDefined();
  }
});

it("shows every command that there is", async () => {
  const { stdout } = await uphill("--help");
  const names = [...stdout.slice(stdout.indexOf("Commands:")).matchAll(/^ {2}([a-z-]+)/gmu)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(commands.map(([first]) => first)).toContain(name);
});
