import { describe, FormatError } from "@uphill/core-math";
import { duplicateKey } from "../internal/duplicate-key.js";

/** The header's length stands in the first eight bytes. */
export const LENGTH_BYTES = 8;

/** The longest header that the format allows. */
export const MAX_HEADER_BYTES = 100_000_000;

/** The header's key for strings that describe the file. */
export const METADATA_KEY = "__metadata__";

/** One tensor as the header describes it; offsets count from the first byte after the header. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** A header that has the format's form; whether it fits the data is not yet known. */
export interface Header {
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Position of the first byte after the header. */
  readonly dataStart: number;
}

/**
 * Reads the header at the start of a file.
 *
 * @throws FormatError saying what is wrong with it.
 */
export function readHeader(bytes: Uint8Array): Header {
  const dataStart = LENGTH_BYTES + headerLength(bytes);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, dataStart));
  const entries: TensorEntry[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA_KEY) metadata = readMetadata(value);
    else entries.push(readEntry(name, value));
  }
  return { entries, metadata, dataStart };
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < LENGTH_BYTES) {
    throw new FormatError(`safetensors: expected a header length of 8 bytes, got a file of ${bytes.length} bytes`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    throw new FormatError(
      `safetensors: expected a header of at most ${MAX_HEADER_BYTES} bytes, got a length of ${length}: ` +
        "the file is damaged or of another format",
    );
  }
  const available = bytes.length - LENGTH_BYTES;
  if (length > available) {
    throw new FormatError(
      `safetensors: expected a header of ${length} bytes, got only ${available}: the file is cut off`,
    );
  }
  return Number(length);
}

function parseHeader(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (bytes[0] !== 0x7b) {
    throw new FormatError(
      "safetensors: expected a header that starts with {, got a file that is damaged or of another format",
    );
  }
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw new FormatError("safetensors: expected a header of valid JSON, got damaged text", { cause });
  }
  const duplicate = duplicateKey(text);
  if (duplicate !== undefined) {
    throw new FormatError(`safetensors: expected each name once in the header, got ${describe(duplicate)} twice`);
  }
  return header as Readonly<Record<string, unknown>>;
}

function readMetadata(value: unknown): Readonly<Record<string, string>> {
  if (isObject(value) && Object.values(value).every((text) => typeof text === "string")) {
    return value as Readonly<Record<string, string>>;
  }
  throw new FormatError(`safetensors: expected strings by name in ${METADATA_KEY}, got ${describe(value)}`);
}

function readEntry(name: string, value: unknown): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = isObject(value) ? value : {};
  if (typeof dtype !== "string") throw entryError(name, "a dtype", dtype);
  if (!isCounts(shape)) throw entryError(name, "a shape of non-negative integers", shape);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw entryError(name, "data_offsets [start, end] with start ≤ end", offsets);
  }
  return { name, dtype, shape, start: offsets[0], end: offsets[1] };
}

/** The error for a tensor whose description is wrong. */
export function entryError(name: string, expected: string, value: unknown): FormatError {
  return new FormatError(`safetensors: tensor ${describe(name)}: expected ${expected}, got ${describe(value)}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}
