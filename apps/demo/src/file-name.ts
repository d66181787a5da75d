import type { FileFormat } from "./protocol.js";

const extensions: Readonly<Record<FileFormat, string>> = { onnx: "onnx", checkpoint: "safetensors" };

/** What a file's name tells of the policy in it. */
export interface Provenance {
  readonly environment: string;
  readonly algorithm: string;
  readonly seed: number;
  /** Environment steps that it was trained for. */
  readonly steps: number;
}

/** A name that says what is in the file: `CartPole-v1-ppo-seed-1-50176-steps.onnx`. */
export function fileName({ environment, algorithm, seed, steps }: Provenance, format: FileFormat): string {
  const name = `${environment}-${algorithm}-seed-${seed}-${steps}-steps`;
  return `${name.replaceAll(/[^\w.-]+/gu, "-")}.${extensions[format]}`;
}
