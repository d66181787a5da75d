import { FormatError, OptionError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyTensors, expectTruncationRefused } from "../../test/bytes.js";
import { decodeSafetensors } from "../safetensors/decode.js";
import { encodeSafetensors } from "../safetensors/encode.js";
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from "./checkpoint.js";
import type { JsonValue } from "@uphill/envs";

const checkpoint: Checkpoint = {
  algorithm: "ppo",
  options: { gamma: 0.99, learningRate: { linear: [3e-4, 0] } },
  tensors: {
    "policy/weights": { shape: [2, 2], data: Float32Array.of(1, -0, NaN, 0.1) },
    "adam/step": { shape: [], data: Int32Array.of(12) },
  },
  state: { steps: 2048, bestReturn: -Infinity, random: { state: "0x1f", seed: [1] }, note: '"checksum":"00000000"' },
};

describe("checkpoint", () => {
  it("returns what was stored", () => {
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint))).toStrictEqual(checkpoint);
  });

  it("is an ordinary safetensors file", () => {
    const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(checkpoint));
    expect(tensors).toEqual(checkpoint.tensors);
    expect(Object.keys(metadata)).toEqual(["format", "version", "checksum", "algorithm", "options", "state"]);
    expect(JSON.parse(metadata["options"])).toEqual(checkpoint.options);
  });

  it("is the same bytes for the same content", () => {
    const again = decodeCheckpoint(encodeCheckpoint(checkpoint));
    expect(encodeCheckpoint(again)).toEqual(encodeCheckpoint(checkpoint));
  });

  it("round-trips any tensors and any JSON", () => {
    const json = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<JsonValue>;
    fc.assert(
      fc.property(anyTensors, json, json, (tensors, options, state) => {
        const stored = { algorithm: "a", options, tensors: { ...tensors }, state };
        expect(decodeCheckpoint(encodeCheckpoint(stored))).toEqual(stored);
      }),
    );
  });

  it("does not change the bytes that it reads", () => {
    const bytes = encodeCheckpoint(checkpoint);
    const before = bytes.slice();
    decodeCheckpoint(bytes);
    expect(bytes).toEqual(before);
  });

  it("refuses a file cut off anywhere", () => {
    expectTruncationRefused(encodeCheckpoint(checkpoint), decodeCheckpoint);
  });

  it("notices any flipped bit", () => {
    const bytes = encodeCheckpoint(checkpoint);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      bytes[bit >> 3] ^= 1 << (bit & 7);
      expect(() => decodeCheckpoint(bytes), `bit ${bit}`).toThrow(FormatError);
      bytes[bit >> 3] ^= 1 << (bit & 7);
    }
    expect(decodeCheckpoint(bytes)).toEqual(checkpoint);
  });

  it("notices any changed byte and anything appended", () => {
    const bytes = encodeCheckpoint(checkpoint);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (position, difference) => {
        const changed = bytes.slice();
        changed[position] ^= difference;
        expect(() => decodeCheckpoint(changed)).toThrow(FormatError);
        expect(() => decodeCheckpoint(Uint8Array.of(...bytes, difference))).toThrow(FormatError);
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses other safetensors files and other versions", () => {
    const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(checkpoint));
    const refused = (changes: Record<string, string>, message: string) => {
      const bytes = encodeSafetensors(tensors, { ...metadata, ...changes });
      expect(() => decodeCheckpoint(bytes)).toThrow(new FormatError(message));
    };
    refused({ format: "pt" }, 'checkpoint: expected the format uphill-checkpoint, got "pt"');
    refused({ version: "2" }, 'checkpoint: expected format version 1, got "2"');
    refused({ checksum: "" }, "checkpoint: expected a checksum, got none");
    expect(() => decodeCheckpoint(encodeSafetensors(tensors))).toThrow(
      new FormatError("checkpoint: expected the format uphill-checkpoint, got none"),
    );
  });

  it("refuses what cannot be stored", () => {
    expect(() => encodeCheckpoint({ ...checkpoint, algorithm: "" })).toThrow(OptionError);
    expect(() => encodeCheckpoint({ ...checkpoint, state: { at: new Date(0) } as unknown as JsonValue })).toThrow(
      new OptionError("state.at: expected plain data, got a Date"),
    );
  });
});
