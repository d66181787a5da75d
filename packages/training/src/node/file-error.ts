import { dirname } from "node:path";
import { FileError } from "@uphill/core-math";

const REASONS: Readonly<Record<string, (path: string) => string>> = {
  EACCES: () => "permission is denied",
  EPERM: () => "permission is denied",
  EROFS: () => "the file system is read-only",
  ENOSPC: () => "the disk is full",
  EDQUOT: () => "the disk quota is used up",
  EMFILE: () => "too many files are open",
  EISDIR: () => "it is a folder",
  ENOTEMPTY: () => "it is a folder that is not empty",
  ENAMETOOLONG: () => "the name is too long",
  ENOTDIR: (path) => `${dirname(path)} is not a folder`,
};

/** What it means that something does not exist. */
const MISSING = {
  read: () => "there is no such file",
  written: (path: string) => `the folder ${dirname(path)} does not exist`,
  created: (path: string) => `no folder can be made in ${dirname(path)}`,
};

/**
 * The error for a path that the file system refused, in one sentence:
 * `out/a.onnx: cannot be written: the disk is full`.
 *
 * @param path - The path as the user gave it.
 * @param action - What failed.
 * @param cause - What Node.js threw.
 */
export function fileError(path: string, action: keyof typeof MISSING, cause: unknown): FileError {
  const code = errorCode(cause);
  const known = code === "ENOENT" ? MISSING[action](path) : REASONS[code]?.(path);
  const reason = known ?? (cause instanceof Error ? cause.message : String(cause));
  return new FileError(`${path}: cannot be ${action}: ${reason}`, { cause });
}

/** The code of a Node.js error, such as `ENOENT`; empty where it has none. */
export function errorCode(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}
