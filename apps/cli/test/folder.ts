import { mkdtempSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished } from "vitest";

const prefix = join(tmpdir(), "uphill-cli-");

/** An empty folder that is deleted when the test has ended. */
export async function emptyFolder(): Promise<string> {
  const path = await mkdtemp(prefix);
  onTestFinished(async () => rm(path, { recursive: true, force: true }));
  return path;
}

/** An empty folder for all tests of a group, deleted after the last of them; to be called in the group's body. */
export function sharedFolder(): string {
  const path = mkdtempSync(prefix);
  afterAll(async () => rm(path, { recursive: true, force: true }));
  return path;
}
