import { ShapeError } from "@uphill/core-math";
import { definitionOf, makeEnvironment } from "@uphill/envs";
import type { ActionsOf, Box, EnvironmentSource, Space } from "@uphill/envs";
import { OnnxPolicy } from "@uphill/onnx-runtime";
import { playEpisodes } from "@uphill/training";
import type { Evaluation } from "@uphill/training";

/** Which episodes are played. */
export interface Episodes {
  readonly episodes: number;
  /** Episode i starts from the environment's seed `seed` + i. */
  readonly seed: number;
}

/**
 * Plays episodes with an ONNX file alone, in ONNX Runtime.
 *
 * @param path - The file.
 * @param env - The environment, or how to find it from the id in the file.
 * @param episodes - Which.
 * @throws FileError, FormatError where the file cannot be read or is damaged; ShapeError where it is for other spaces
 *   than the environment's.
 */
export async function playFile(
  path: string,
  env: (environmentId: string) => Promise<EnvironmentSource>,
  episodes: Episodes,
): Promise<{ readonly evaluation: Evaluation; readonly environment: string }> {
  const policy = await OnnxPolicy.load(path);
  try {
    const source = await env(policy.environmentId);
    requireSpaces(path, policy, source);
    const act = (observations: Float32Array) => policy.actBatch(observations) as Promise<ActionsOf<Space>>;
    return { evaluation: await playEpisodes({ act }, source, episodes), environment: definitionOf(source).id };
  } finally {
    await policy.close();
  }
}

/**
 * Checks that a policy is for an environment's spaces.
 *
 * @param path - Where the policy is from, for the message.
 * @throws ShapeError where it is not.
 */
export function requireSpaces(
  path: string,
  policy: { readonly observationSpace: Box; readonly actionSpace: Space },
  source: EnvironmentSource,
): void {
  const environment = makeEnvironment(source);
  const [expected, got] = [spacesText(policy), spacesText(environment)];
  environment.close?.();
  if (expected === got) return;
  throw new ShapeError(`${path}: expected an environment with ${expected}, got ${definitionOf(source).id} with ${got}`);
}

/** `observations of length 4 and 2 actions`. */
function spacesText(spaces: { readonly observationSpace: Box; readonly actionSpace: Space }): string {
  const { observationSpace, actionSpace } = spaces;
  const actions =
    actionSpace.kind === "discrete" ? `${actionSpace.n} actions` : `actions of length ${actionSpace.size}`;
  return `observations of length ${observationSpace.size} and ${actions}`;
}
