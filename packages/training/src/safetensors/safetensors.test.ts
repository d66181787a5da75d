import { readFileSync } from "node:fs";
import { FormatError, OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyTensors, expectTruncationRefused, rawFile } from "../../test/bytes.js";
import { decodeSafetensors } from "./decode.js";
import type { TensorData } from "./dtypes.js";
import { encodeSafetensors } from "./encode.js";

const matrix = { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) };

function reference(name: string): Uint8Array {
  return readFileSync(new URL(`../../test/reference/${name}`, import.meta.url));
}

function entry(dtype: unknown, shape: unknown, offsets: unknown): object {
  return { dtype, shape, data_offsets: offsets };
}

describe("safetensors", () => {
  it("keeps tensors and metadata", () => {
    const file = encodeSafetensors(
      { weights: matrix, steps: { shape: [], data: Int32Array.of(7) } },
      { note: "a run" },
    );
    expect(decodeSafetensors(file)).toEqual({
      tensors: { weights: matrix, steps: { shape: [], data: Int32Array.of(7) } },
      metadata: { note: "a run" },
    });
  });

  it("returns arrays of their own", () => {
    const file = encodeSafetensors({ weights: matrix });
    const { data } = decodeSafetensors(file).tensors["weights"];
    file.fill(0);
    expect(data).toEqual(matrix.data);
  });

  it("reads from the middle of a larger buffer, and from a Node.js Buffer", () => {
    const file = encodeSafetensors({ weights: matrix });
    const larger = Buffer.alloc(file.length + 5, 0xff);
    larger.set(file, 3);
    expect(decodeSafetensors(larger.subarray(3, 3 + file.length)).tensors["weights"]).toEqual(matrix);
  });

  it("writes views of larger buffers", () => {
    const view = new Float32Array(Float32Array.of(9, 1, 2, 9).buffer, 4, 2);
    expect(decodeSafetensors(encodeSafetensors({ view: { shape: [2], data: view } })).tensors["view"].data).toEqual(
      Float32Array.of(1, 2),
    );
  });

  it("round-trips any tensors and metadata to the bit", () => {
    fc.assert(
      fc.property(anyTensors, fc.dictionary(fc.string(), fc.string()), (tensors, metadata) => {
        const decoded = decodeSafetensors(encodeSafetensors(tensors, metadata));
        expect(decoded.metadata).toEqual(metadata);
        expect(Object.keys(decoded.tensors).sort()).toEqual(Object.keys(tensors).sort());
        for (const [name, { shape, data }] of Object.entries(decoded.tensors)) {
          expect(shape).toEqual(tensors[name].shape);
          expect(data.constructor).toBe(tensors[name].data.constructor);
          expect(rawBytes(data)).toEqual(rawBytes(tensors[name].data));
        }
      }),
    );
  });

  it("starts every tensor at a multiple of its element size", () => {
    fc.assert(
      fc.property(anyTensors, fc.dictionary(fc.string(), fc.string()), (tensors, metadata) => {
        const file = encodeSafetensors(tensors, metadata);
        const headerBytes = Number(new DataView(file.buffer).getBigUint64(0, true));
        const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerBytes))) as Record<
          string,
          { data_offsets: [number, number] }
        >;
        for (const [name, { data }] of Object.entries(tensors)) {
          expect((8 + headerBytes + header[name].data_offsets[0]) % data.BYTES_PER_ELEMENT).toBe(0);
        }
      }),
    );
  });

  it("writes the header in the order of the data, also for names that look like integers", () => {
    const { data } = matrix;
    const file = encodeSafetensors({ b: { shape: [6], data }, 2: matrix, 10: matrix }, { note: "a run" });
    const names = [...new TextDecoder().decode(file).matchAll(/"(\w+)":\{/gu)].map((match) => match[1]);
    expect(names).toEqual(["__metadata__", "10", "2", "b"]);
  });

  it("writes the same bytes as Python's safetensors, and reads them", () => {
    const python = reference("python.safetensors");
    const { tensors, metadata } = decodeSafetensors(python);
    expect(metadata).toEqual({ note: 'written by "Python"\né' });
    expect(tensors["one/int64"]).toEqual({ shape: [3], data: BigInt64Array.of(0n, 1n, 100n) });
    expect(tensors["float32 special"].data).toEqual(Float32Array.of(NaN, Infinity, -Infinity, -0, 1e-45, 3.4028235e38));
    expect(tensors["scalar"]).toEqual({ shape: [], data: Float64Array.of(0.1) });
    expect(tensors["empty"]).toEqual({ shape: [0, 3], data: new Int32Array(0) });
    expect(tensors["policy/dense/weights é"]).toEqual(matrix);
    expect(Buffer.from(encodeSafetensors(tensors, metadata)).equals(python)).toBe(true);
  });

  it("refuses a file cut off anywhere", () => {
    expectTruncationRefused(reference("python.safetensors"), decodeSafetensors);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["an empty file", new Uint8Array(), /header length of 8 bytes, got a file of 0 bytes/u],
    [
      "a foreign file",
      new TextEncoder().encode("PK\u0003\u0004 some zip archive"),
      /at most 100000000 bytes, got a length of/u,
    ],
    [
      "a header longer than the file",
      Uint8Array.of(100, 0, 0, 0, 0, 0, 0, 0, 0x7b),
      /100 bytes, got only 1: the file is cut off/u,
    ],
    ["a header that is no object", rawFile("[]"), /starts with \{/u],
    ["an empty header", rawFile(""), /starts with \{/u],
    ["broken JSON", rawFile('{"a":}'), /valid JSON, got damaged text/u],
    [
      "broken UTF-8",
      new Uint8Array([...rawFile('{"aa":{}}')].map((byte) => (byte === 0x61 ? 0xff : byte))),
      /valid JSON/u,
    ],
    [
      "a name twice",
      rawFile(
        '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
      ),
      /each name once in the header, got "a" twice/u,
    ],
    ["metadata that are no strings", fileWith({ __metadata__: { a: 1 } }), /strings by name in __metadata__/u],
    ["metadata that are no object", fileWith({ __metadata__: null }), /strings by name in __metadata__, got null/u],
    ["an entry that is no object", fileWith({ a: null }), /tensor "a": expected a dtype, got undefined/u],
    ["a dtype that is no text", fileWith({ a: entry(1, [0], [0, 0]) }), /tensor "a": expected a dtype, got 1/u],
    ["an unknown dtype", fileWith({ a: entry("F8", [0], [0, 0]) }), /tensor "a": expected a dtype of U64.*, got "F8"/u],
    ["half precision", reference("half.safetensors"), /tensor "half": expected a dtype of .*, got "F16"/u],
    [
      "a negative dimension",
      fileWith({ a: entry("U8", [-1], [0, 0]) }),
      /tensor "a": expected a shape of non-negative integers/u,
    ],
    [
      "a fractional dimension",
      fileWith({ a: entry("U8", [0.5], [0, 0]) }),
      /tensor "a": expected a shape of non-negative integers/u,
    ],
    ["no shape", fileWith({ a: entry("U8", undefined, [0, 0]) }), /tensor "a": expected a shape/u],
    ["one offset", fileWith({ a: entry("U8", [0], [0]) }), /tensor "a": expected data_offsets \[start, end\]/u],
    ["offsets the wrong way round", fileWith({ a: entry("U8", [0], [2, 1]) }, 2), /tensor "a": expected data_offsets/u],
    ["negative offsets", fileWith({ a: entry("U8", [0], [-1, 1]) }, 2), /tensor "a": expected data_offsets/u],
    [
      "a length that does not match the dtype",
      fileWith({ a: entry("F32", [2], [0, 4]) }, 4),
      /tensor "a": expected 8 bytes for F32 \[2\], got 4/u,
    ],
    [
      "a shape that overflows",
      fileWith({ a: entry("U8", [2 ** 52, 2 ** 52], [0, 4]) }, 4),
      /tensor "a": expected .* bytes for U8/u,
    ],
    [
      "overlapping tensors",
      fileWith({ a: entry("U8", [2], [0, 2]), b: entry("U8", [2], [1, 3]) }, 3),
      /tensor "b": expected data that starts at byte 2/u,
    ],
    [
      "a gap",
      fileWith({ a: entry("U8", [1], [0, 1]), b: entry("U8", [1], [2, 3]) }, 3),
      /tensor "b": expected data that starts at byte 1.*got 2/u,
    ],
    [
      "data missing at the end",
      fileWith({ a: entry("U8", [4], [0, 4]) }, 3),
      /expected 4 bytes of data, got 3: the file is cut off/u,
    ],
    [
      "something appended",
      fileWith({ a: entry("U8", [4], [0, 4]) }, 5),
      /expected 4 bytes of data, got 5: something is appended/u,
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(FormatError);
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  it("never fails with anything but a FormatError on arbitrary bytes and headers", () => {
    const random = fc.uint8Array({ maxLength: 40 });
    const headers = fc.tuple(fc.json(), random).map(([header, data]) => rawFile(`{"a":${header}}`, data));
    fc.assert(
      fc.property(fc.oneof(random, headers), (bytes) => {
        try {
          decodeSafetensors(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
    );
  });

  it.each<[string, unknown, unknown, string]>([
    ["a plain array", { shape: [1], data: [1] }, {}, 'tensors["a"].data: expected a typed array of numbers, got [1]'],
    [
      "a clamped array",
      { shape: [1], data: new Uint8ClampedArray(1) },
      {},
      'tensors["a"].data: expected a typed array of numbers',
    ],
    ["no tensor", null, {}, 'tensors["a"]: expected an object with shape and data, got null'],
    [
      "a named dimension",
      { shape: ["n"], data: new Float32Array(1) },
      {},
      'tensors["a"].shape: expected an array of non-negative integers, got ["n"]',
    ],
    ["metadata of numbers", matrix, { steps: 1 }, 'metadata["steps"]: expected a string, got 1'],
  ])("does not write %s", (_, tensor, metadata, message) => {
    const write = () => encodeSafetensors({ a: tensor as TensorData }, metadata as Record<string, string>);
    expect(write).toThrow(OptionError);
    expect(write).toThrow(message);
  });

  it("does not write a shape of another length, nor a tensor named as the metadata, nor reads a string", () => {
    expect(() => encodeSafetensors({ a: { shape: [4], data: matrix.data } })).toThrow(
      new ShapeError('tensors["a"]: expected 4 elements for shape [4], got 6'),
    );
    expect(() => encodeSafetensors({ __metadata__: matrix })).toThrow(OptionError);
    expect(() => decodeSafetensors("{}" as unknown as Uint8Array)).toThrow(
      new OptionError('bytes: expected a Uint8Array with a safetensors file, got "{}"'),
    );
  });
});

function fileWith(header: object, dataBytes = 0): Uint8Array {
  return rawFile(JSON.stringify(header), new Uint8Array(dataBytes));
}

function rawBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}
