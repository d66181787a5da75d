import { expectation, FileError, OptionError } from "@uphill/core-math";

/** The bytes of a file, and what messages call it. */
export interface FileBytes {
  readonly source: string;
  readonly bytes: Uint8Array;
}

/**
 * The bytes behind what a caller may give for a file: a path (in Node.js), or the bytes themselves.
 *
 * @throws FileError where the path cannot be read; OptionError for anything else than a path or bytes.
 */
export async function readFile(file: string | Uint8Array): Promise<FileBytes> {
  if (file instanceof Uint8Array) return { source: "file", bytes: file };
  if (typeof file !== "string" || file === "") {
    throw new OptionError(expectation("file", "a path or the file's bytes in a Uint8Array", file));
  }
  try {
    return { source: file, bytes: await nodeFiles().readFile(file) };
  } catch (cause) {
    if (cause instanceof OptionError) throw cause;
    throw new FileError(`${file}: cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/** Node.js's files, asked for in a way that no bundler follows. */
function nodeFiles(): { readFile(path: string): Promise<Uint8Array> } {
  const runtime: Partial<Pick<NodeJS.Process, "getBuiltinModule">> | undefined = globalThis.process;
  const files = runtime?.getBuiltinModule?.("node:fs");
  if (files !== undefined) return files.promises;
  throw new OptionError("file: expected the file's bytes in a Uint8Array outside Node.js, got a path");
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return "there is no such file";
  return cause instanceof Error ? cause.message : String(cause);
}
