import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeCheckpoint } from "@uphill/training";
import { expect } from "vitest";
import { parseLines } from "./uphill.js";

/** The weights, and all other tensors, of a run's checkpoint, as hexadecimal bytes by name. */
export async function tensorBytes(
  run: string,
  file = "checkpoint.safetensors",
): Promise<Readonly<Record<string, string>>> {
  const { tensors } = decodeCheckpoint(await readFile(join(run, file)));
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex"),
    ]),
  );
}

/** A run's metrics so far, without what depends on the clock. */
export async function metricsOf(run: string): Promise<readonly Record<string, unknown>[]> {
  const text = await readFile(join(run, "metrics.jsonl"), "utf8").catch(() => "");
  const lines = parseLines(text);
  return lines.map((line) => ({ ...line, elapsedMs: undefined, stepsPerSecond: undefined }));
}

/** Expects two runs to have ended with the same weights, latest and best, by the same way. */
export async function expectSameRuns(run: string, other: string): Promise<void> {
  expect(await metricsOf(run)).toEqual(await metricsOf(other));
  for (const file of ["checkpoint.safetensors", "best.safetensors"]) {
    expect(await tensorBytes(run, file)).toEqual(await tensorBytes(other, file));
  }
}
