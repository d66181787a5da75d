import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { expectation, OptionError, requireString } from "@uphill/core-math";
import { fileError } from "./file-error.js";

/**
 * Writes a file whole or not at all: to a temporary file in the same folder, which is synced to the disk and then
 * renamed. At every moment, also if the process is killed or the power fails, the path holds the old content or the
 * new. The folder must exist.
 *
 * @param path - Where to write; an existing file is replaced.
 * @param data - The content; text is written as UTF-8.
 * @throws FileError saying in one sentence why the path cannot be written; nothing is left behind then. OptionError
 *   where an argument is of the wrong kind.
 */
export async function writeFileAtomically(path: string, data: Uint8Array | string): Promise<void> {
  requireString("path", path);
  if (typeof data !== "string" && !(data instanceof Uint8Array)) {
    throw new OptionError(expectation("data", "a Uint8Array or a string", data));
  }
  const temporary = join(dirname(path), `${temporaryPrefix(basename(path))}${randomUUID()}`);
  try {
    await writeSynced(temporary, data);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    // The first failure is the one to tell of, also where the temporary file cannot even be removed.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(path, "written", cause);
  }
}

/** How the names of temporary files for a file begin. */
export function temporaryPrefix(name: string): string {
  return `.${name}.tmp-`;
}

async function writeSynced(path: string, data: Uint8Array | string): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename itself last. Windows has no way to sync a folder, and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
