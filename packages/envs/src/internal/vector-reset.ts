import { expectation, OptionError, requireArray, requireInteger } from "@uphill/core-math";
import type { EnvironmentBatch } from "../environment.js";
import type { AutoresetMode } from "../vector-environment.js";
import { resetFields, SAFE_SEEDS } from "./reset-seed.js";

/** Which of N environments a reset begins anew, and from which seeds. */
export interface VectorReset {
  /** 1 for each environment to reset, `[N]`. */
  readonly rows: Uint8Array;
  /** A seed for each environment, `[N]`; streams carry on where undefined. */
  readonly seeds: ArrayLike<number> | undefined;
}

/**
 * What the `reset` of a vector environment was given.
 *
 * @throws OptionError or ShapeError where it is not what `VectorResetOptions` says.
 */
export function vectorReset(environment: string, options: unknown, count: number, mode: AutoresetMode): VectorReset {
  const { seed, mask } = resetFields(environment, options, ["seed", "mask"]);
  if (mask !== undefined && mode !== "disabled") {
    throw new OptionError(`mask of ${environment}: expected none where autoreset is ${mode}, got one`);
  }
  return { rows: resetRowsOf(environment, mask, count), seeds: seedsOf(environment, seed, count) };
}

/** The seeds s, s + 1, … of N environments. */
export function successiveSeeds(seed: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => seed + i);
}

/** Begins episodes in the environments of a batch that `rows` names, in one call where the batch can. */
export function resetRows(
  batch: EnvironmentBatch,
  rows: Uint8Array,
  seeds: ArrayLike<number> | undefined,
  observations: Float32Array,
): void {
  if (batch.resetRows !== undefined) {
    batch.resetRows(rows, seeds, observations);
    return;
  }
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] !== 0) batch.reset(i, seeds?.[i], observations);
  }
}

function resetRowsOf(environment: string, mask: unknown, count: number): Uint8Array {
  if (mask === undefined) return new Uint8Array(count).fill(1);
  const argument = `mask of ${environment}`;
  const flags = requireArray(argument, mask as ArrayLike<unknown> as ArrayLike<number>, count);
  return Uint8Array.from({ length: count }, (_, i) => {
    const flag: unknown = flags[i];
    if (flag === 0 || flag === 1 || typeof flag === "boolean") return Number(flag);
    throw new OptionError(expectation(`${argument}, environment ${i}`, "0 or 1", flag));
  });
}

function seedsOf(environment: string, seed: unknown, count: number): ArrayLike<number> | undefined {
  if (seed === undefined) return undefined;
  if (typeof seed === "object") {
    const seeds = requireArray(`seed of ${environment}`, seed as ArrayLike<number>, count);
    return Array.from(seeds, (one, i) => requireInteger(`seed of ${environment}, environment ${i}`, one, SAFE_SEEDS));
  }
  const most = Number.MAX_SAFE_INTEGER - (count - 1);
  return successiveSeeds(requireInteger(`seed of ${environment}`, seed, { least: 0, most }), count);
}
