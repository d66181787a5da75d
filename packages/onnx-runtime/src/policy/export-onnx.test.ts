import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError, OptionError } from "@uphill/core-math";
import { cartPole } from "@uphill/envs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makePolicy } from "../../test/make-policy.js";
import { encodeOnnx } from "./encode-onnx.js";
import { exportOnnx } from "./export-onnx.js";

const policy = makePolicy({ env: cartPole, hidden: [8] });
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "uphill-export-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("example", () => {
  test("the file holds the bytes of encodeOnnx, and replaces what was there", async () => {
    const path = join(folder, "policy.onnx");
    await exportOnnx(makePolicy({ env: cartPole, hidden: [64, 64] }), path);
    await exportOnnx(policy, path);
    expect(new Uint8Array(await readFile(path))).toEqual(encodeOnnx(policy));
    expect(await readdir(folder)).toEqual(["policy.onnx"]);
  });
});

describe("errors", () => {
  test("a folder that is not there is named, and nothing is left behind", async () => {
    const path = join(folder, "missing", "policy.onnx");
    await expect(exportOnnx(policy, path)).rejects.toThrow(FileError);
    await expect(exportOnnx(policy, path)).rejects.toThrow(path);
    expect(await readdir(folder)).toEqual([]);
  });

  test("a path that is no text", async () => {
    await expect(exportOnnx(policy, "")).rejects.toThrow(OptionError);
  });
});
