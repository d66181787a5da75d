import { readFile } from "node:fs/promises";
import { requireString } from "@uphill/core-math";
import { fileError } from "./file-error.js";

/**
 * The bytes of a file.
 *
 * @param path - Which.
 * @throws FileError saying in one sentence why it cannot be read; OptionError where the path is no text.
 */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  requireString("path", path);
  try {
    return await readFile(path);
  } catch (cause) {
    throw fileError(path, "read", cause);
  }
}
