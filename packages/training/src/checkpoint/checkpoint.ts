import { describe, FormatError, requireString } from "@uphill/core-math";
import { decodeSafetensors } from "../safetensors/decode.js";
import type { TensorData } from "../safetensors/dtypes.js";
import { encodeSafetensors } from "../safetensors/encode.js";
import { sealed, UNSEALED, verifySeal } from "./seal.js";
import { decodeJson, encodeJson } from "./json-numbers.js";
import type { JsonValue } from "@uphill/envs";

/** The name by which a checkpoint is told from other safetensors files. */
const FORMAT = "uphill-checkpoint";

/** Raised when an older reader could no longer read what is written. */
const VERSION = "1";

/** All that a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  /** The algorithm's name, such as `ppo`. */
  readonly algorithm: string;
  /** The algorithm's options, resolved. */
  readonly options: JsonValue;
  /** Number arrays: weights, the optimiser's moments, normalisation statistics. */
  readonly tensors: Readonly<Record<string, TensorData>>;
  /** Everything else: counters, random streams, environment states, statistics. */
  readonly state: JsonValue;
}

/**
 * A checkpoint as one `.safetensors` file: the tensors as tensors, the rest as JSON in the metadata, beside the
 * format's name, its version and a checksum of the whole file.
 *
 * No code is stored, and every reader of safetensors can open it. JSON keeps NaN, infinities and −0 (see
 * `encodeJson`).
 *
 * @param checkpoint - What to store.
 * @returns The file's bytes; the same checkpoint always gives the same bytes.
 * @throws OptionError, ShapeError where something cannot be stored.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const metadata = {
    format: FORMAT,
    version: VERSION,
    checksum: UNSEALED,
    algorithm: requireString("algorithm", checkpoint.algorithm),
    options: encodeJson("options", checkpoint.options),
    state: encodeJson("state", checkpoint.state),
  };
  return sealed(encodeSafetensors(checkpoint.tensors, metadata));
}

/**
 * Reads a checkpoint.
 *
 * @param bytes - The whole file.
 * @returns What {@link encodeCheckpoint} was given.
 * @throws FormatError where the file is cut off, damaged anywhere (any changed byte is noticed), no checkpoint, or of
 *   a version that is not known.
 */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata["format"] !== FORMAT) {
    throw new FormatError(`checkpoint: expected the format ${FORMAT}, got ${described(metadata["format"])}`);
  }
  if (metadata["version"] !== VERSION) {
    throw new FormatError(`checkpoint: expected format version ${VERSION}, got ${described(metadata["version"])}`);
  }
  verifySeal(bytes, metadata["checksum"]);
  return {
    algorithm: requireMetadata(metadata, "algorithm"),
    options: decodeJson("checkpoint.options", requireMetadata(metadata, "options")),
    tensors,
    state: decodeJson("checkpoint.state", requireMetadata(metadata, "state")),
  };
}

function requireMetadata(metadata: Readonly<Record<string, string>>, name: string): string {
  const value = metadata[name];
  if (value === undefined) throw new FormatError(`checkpoint: expected metadata ${name}, got none`);
  return value;
}

function described(value: string | undefined): string {
  return value === undefined ? "none" : describe(value);
}
