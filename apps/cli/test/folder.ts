import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished } from "vitest";

/** An empty folder that is deleted when the test has ended. */
export async function emptyFolder(): Promise<string> {
  const path = await temporaryFolder();
  onTestFinished(async () => rm(path, { recursive: true, force: true }));
  return path;
}

/** An empty folder for all tests of a group, deleted after the last of them; to be called before the first. */
export async function sharedFolder(): Promise<string> {
  const path = await temporaryFolder();
  afterAll(async () => rm(path, { recursive: true, force: true }));
  return path;
}

function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "uphill-cli-"));
}
