import { definitionOf } from "@uphill/envs";
import type { EnvironmentSource } from "@uphill/envs";
import { OnnxPolicy } from "@uphill/onnx-runtime";
import { playEpisodes } from "@uphill/training";
import type { Evaluation } from "@uphill/training";

/** Which episodes are played. */
export interface Episodes {
  readonly episodes: number;
  /** Episode i starts from the environment's seed `seed` + i. */
  readonly seed: number;
}

/** How they went. */
export interface PlayedEpisodes {
  readonly evaluation: Evaluation;
  /** The environment's id. */
  readonly environment: string;
}

/**
 * Plays episodes with an ONNX file alone, in ONNX Runtime.
 *
 * @param path - The file.
 * @param env - The environment, by the id that the file names.
 * @param episodes - Which.
 * @throws FileError, FormatError where the file cannot be read or is damaged; ShapeError where it is for other spaces
 *   than the environment's.
 */
export async function playFile(
  path: string,
  env: (environmentId: string) => Promise<EnvironmentSource>,
  episodes: Episodes,
): Promise<PlayedEpisodes> {
  const policy = await OnnxPolicy.load(path);
  try {
    const source = await env(policy.environmentId);
    const { observationSpace, actionSpace } = policy;
    const actor = { observationSpace, actionSpace, act: (batch: Float32Array) => policy.actBatch(batch) };
    return { evaluation: await playEpisodes(actor, source, episodes), environment: definitionOf(source).id };
  } finally {
    await policy.close();
  }
}
