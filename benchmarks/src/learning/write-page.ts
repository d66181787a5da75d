import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "@uphill/training/node";
import { configurations } from "./configurations.js";
import { pageFiles } from "./page.js";
import type { Outcome } from "./page.js";
import { readResults } from "./results-file.js";

/** All configurations with what the folder has of them. @throws FormatError naming a file of results that is damaged. */
export async function readOutcomes(folder: string): Promise<readonly Outcome[]> {
  return Promise.all(
    configurations.map(async (configuration) => ({
      configuration,
      results: await readResults(folder, configuration),
    })),
  );
}

/** Writes the results page and its charts from the files of results, and deletes charts that it no longer has. */
export async function writePage(folder: string): Promise<void> {
  const files = pageFiles(await readOutcomes(folder));
  const curves = join(folder, "curves");
  await mkdir(curves, { recursive: true });
  for (const [path, content] of files) await writeFileAtomically(join(folder, path), content);
  for (const name of await readdir(curves)) if (!files.has(`curves/${name}`)) await rm(join(curves, name));
}
