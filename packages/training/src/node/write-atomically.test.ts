import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FileError, OptionError } from "@uphill/core-math";
import { describe, expect, it } from "vitest";
import { emptyFolder } from "../../test/folder.js";
import { fileError } from "./file-error.js";
import { readFileBytes } from "./read-file-bytes.js";
import { writeFileAtomically } from "./write-atomically.js";

describe("writeFileAtomically", () => {
  it("writes bytes and text, and replaces what was there", async () => {
    const folder = await emptyFolder();
    const path = join(folder, "a.bin");
    await writeFileAtomically(path, Uint8Array.of(1, 2, 3));
    expect(await readFile(path)).toEqual(Buffer.of(1, 2, 3));
    await writeFileAtomically(path, "é");
    expect(await readFile(path, "utf8")).toBe("é");
    expect(await readdir(folder)).toEqual(["a.bin"]);
  });

  it("shows a reader the old content or the new, never a part", async () => {
    const path = join(await emptyFolder(), "a.bin");
    const size = 1 << 20;
    await writeFileAtomically(path, new Uint8Array(size).fill(1));
    for (let round = 2; round < 8; round++) {
      const writing = writeFileAtomically(path, new Uint8Array(size).fill(round));
      const seen = await Promise.all(Array.from({ length: 8 }, async () => readFile(path)));
      for (const bytes of seen) expect([bytes.length, bytes[0]]).toEqual([size, bytes[size - 1]]);
      await writing;
    }
  });

  it("lets many write one path at once: one of them wins", async () => {
    const folder = await emptyFolder();
    const path = join(folder, "a.bin");
    await Promise.all(["one", "two", "three"].map(async (text) => writeFileAtomically(path, text)));
    expect(["one", "two", "three"]).toContain(await readFile(path, "utf8"));
    expect(await readdir(folder)).toEqual(["a.bin"]);
  });

  it("leaves nothing behind where it fails, and says why", async () => {
    const folder = await emptyFolder();
    const taken = join(folder, "taken");
    await mkdir(join(taken, "inside"), { recursive: true });
    await expect(writeFileAtomically(taken, "text")).rejects.toThrow(FileError);
    await expect(writeFileAtomically(taken, "text")).rejects.toThrow(/taken: cannot be written: it is a folder/u);
    expect(await readdir(folder)).toEqual(["taken"]);
    expect(await readdir(taken)).toEqual(["inside"]);
  });

  it("names a folder that is missing, and one that is a file", async () => {
    const folder = await emptyFolder();
    const missing = join(folder, "missing");
    await expect(writeFileAtomically(join(missing, "a.bin"), "text")).rejects.toThrow(
      new FileError(`${join(missing, "a.bin")}: cannot be written: the folder ${missing} does not exist`),
    );
    await writeFile(join(folder, "file"), "");
    await expect(writeFileAtomically(join(folder, "file", "a.bin"), "text")).rejects.toThrow(
      /a\.bin: cannot be written: .*file is not a folder$/u,
    );
  });

  it("refuses arguments of the wrong kind before it touches the disk", async () => {
    const path = join(await emptyFolder(), "a.bin");
    await expect(writeFileAtomically("", "text")).rejects.toThrow(OptionError);
    await expect(writeFileAtomically(path, 3 as unknown as string)).rejects.toThrow(
      new OptionError("data: expected a Uint8Array or a string, got 3"),
    );
  });
});

describe("readFileBytes", () => {
  it("reads a file", async () => {
    const path = join(await emptyFolder(), "a.bin");
    await writeFile(path, "text");
    expect(new TextDecoder().decode(await readFileBytes(path))).toBe("text");
  });

  it("names a file that is missing, and one that is a folder", async () => {
    const folder = await emptyFolder();
    await expect(readFileBytes(join(folder, "a.bin"))).rejects.toThrow(
      /a\.bin: cannot be read: there is no such file$/u,
    );
    await expect(readFileBytes(folder)).rejects.toThrow(/: cannot be read: it is a folder$/u);
  });
});

describe("fileError", () => {
  it("puts the reasons of the system in words", () => {
    const message = (code: string) =>
      fileError("out/a.onnx", "written", Object.assign(new Error("x"), { code })).message;
    expect(message("EACCES")).toBe("out/a.onnx: cannot be written: permission is denied");
    expect(message("EROFS")).toBe("out/a.onnx: cannot be written: the file system is read-only");
    expect(message("ENOSPC")).toBe("out/a.onnx: cannot be written: the disk is full");
    expect(message("EWEIRD")).toBe("out/a.onnx: cannot be written: x");
  });
});
