import { FormatError } from "@uphill/core-math";
import { crc32 } from "../internal/crc32.js";

/**
 * A checksum inside the very file that it guards: the CRC-32 of all bytes, taken while the checksum's own digits are
 * zeros. It covers the header's length, its padding and every name, not only the numbers.
 */

/** The checksum's value before it is known. */
export const UNSEALED = "00000000";

/**
 * How the checksum's digits are found. A text of the metadata cannot contain this: JSON writes the quotes inside it
 * with backslashes.
 */
const MARK = new TextEncoder().encode('"checksum":"');

/**
 * Writes the checksum in place of its zeros.
 *
 * @param bytes - A file with the metadata `checksum: "00000000"`; changed.
 * @returns `bytes`.
 */
export function sealed(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  bytes.set(new TextEncoder().encode(hexadecimal(crc32(bytes))), digitsPosition(bytes));
  return bytes;
}

/**
 * Checks a file against its checksum.
 *
 * @param bytes - The file; not changed.
 * @param checksum - The checksum that its metadata names.
 * @throws FormatError where it has none, or where the bytes are not those that were written.
 */
export function verifySeal(bytes: Uint8Array, checksum: string | undefined): void {
  if (checksum?.length !== UNSEALED.length) throw new FormatError("checkpoint: expected a checksum, got none");
  const copy = new Uint8Array(bytes);
  copy.set(new TextEncoder().encode(UNSEALED), digitsPosition(copy));
  const actual = hexadecimal(crc32(copy));
  if (actual !== checksum) {
    throw new FormatError(`checkpoint: expected checksum ${checksum}, got ${actual}: the file is damaged`);
  }
}

function digitsPosition(bytes: Uint8Array): number {
  for (let start = 0; start + MARK.length + UNSEALED.length <= bytes.length; start++) {
    if (MARK.every((byte, i) => bytes[start + i] === byte)) return start + MARK.length;
  }
  throw new FormatError("checkpoint: expected a checksum in the header, got none");
}

function hexadecimal(checksum: number): string {
  return checksum.toString(16).padStart(UNSEALED.length, "0");
}
