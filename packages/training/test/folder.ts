import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty folder that is deleted when the test has ended. */
export async function emptyFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "uphill-training-"));
  onTestFinished(async () => rm(path, { recursive: true }));
  return path;
}
