import { expectation, FormatError, OptionError, requireInteger, requireNumber, ShapeError } from "@uphill/core-math";
import { environments } from "@uphill/envs";
import type { EnvironmentSource } from "@uphill/envs";
import type { ExportableDistribution, ExportablePolicy } from "../policy/exportable-policy.js";
import { policyExpressions } from "../policy/policy-expressions.js";
import type { PolicyExpressions } from "../policy/policy-expressions.js";
import { OnnxPolicy } from "../runtime/onnx-policy.js";
import type { OnnxRuntime } from "../runtime/onnx-runtime.js";
import { readFile } from "../runtime/read-file.js";
import type { PolicyOutputs } from "../runtime/session.js";
import { compareOutputs } from "./compare-outputs.js";
import { edgesOf } from "./edges.js";
import { playEpisodes } from "./episodes.js";
import { probesOf } from "./probes.js";
import type { Probes } from "./probes.js";
import type { VerifiableDistribution } from "./verifiable-distribution.js";
import { judged } from "./verification.js";
import type { Verification } from "./verification.js";
import { compareWeights } from "./weights.js";

/** The most observations in one run of the file. */
const LARGEST_BATCH = 1_024;

/** What {@link verifyOnnx} takes beside policy and file. */
export interface VerifyOptions {
  /** Where observations come from; the environment of the policy's `environmentId` where left out. */
  readonly env?: EnvironmentSource;
  /** Number of episodes, at least 1. Default: 4. */
  readonly episodes?: number;
  /** Seed of the episodes, a non-negative integer. Default: 0. */
  readonly seed?: number;
  /** The largest relative difference that passes. Default: 1e-5. */
  readonly tolerance?: number;
  /** What runs the file: the module `onnxruntime-node` or `onnxruntime-web`. The former where left out. */
  readonly runtime?: OnnxRuntime;
}

/**
 * Compares an ONNX file, as ONNX Runtime runs it, with the policy that it was made from.
 *
 * Outputs: the distribution's parameters and the action are compared with the float64 reference, on the observations of
 * real episodes (every second one of random actions) and on the edges of the observation space: bounds, the origin, and
 * ±1, ±100, ±10⁴, ±10⁶ where the bounds allow. A difference is relative to max(|y|, κ): the policy's value, or its
 * condition κ where large terms cancel, which is how much the value moves when weights and observation move, relative to
 * how much they do. A discrete action is compared by how much less probable it is.
 *
 * Weights: the file's constants that carry the name of one of the policy's variables must be equal to it, bit for bit.
 * Outputs alone cannot show every change of a weight: one whose feature is dead (a ReLU that never fires, an input that is
 * always 0) has no effect, and one among many thousands has less than the rounding of float32.
 *
 * @param policy - The policy, as it was when the file was made.
 * @param file - A path (in Node.js), or the file's bytes.
 * @param options - See {@link VerifyOptions}.
 * @returns What was found; look at `passed`, or print `summary`. A file that differs is no error.
 * @throws FileError, FormatError, OptionError as `OnnxPolicy.load`; FormatError where the file lacks an output of the
 *   policy; ShapeError where file, policy and environment differ in the length of an observation.
 */
export async function verifyOnnx<D extends VerifiableDistribution>(
  policy: ExportablePolicy<D>,
  file: string | Uint8Array,
  options: VerifyOptions = {},
): Promise<Verification> {
  const tolerance = requireNumber("tolerance", options.tolerance ?? 1e-5, { above: 0 });
  const episodes = requireInteger("episodes", options.episodes ?? 4, { least: 1 });
  const seed = requireInteger("seed", options.seed ?? 0, { least: 0 });
  const env = options.env ?? environmentOf(policy);
  const expressions = policyExpressions(policy);
  const contents = await readFile(file);
  const loaded = await OnnxPolicy.load(file, options.runtime && { runtime: options.runtime });
  try {
    const size = policy.observationSpace.size;
    requireSameSize(contents.source, loaded.observationSpace.size, size);
    const typical = playEpisodes(policy, expressions, { env, episodes, seed });
    const probes = probesOf([...typical, ...edgesOf(policy.observationSpace)], size);
    const given = await runInBatches(loaded, probes);
    requireOutputs(contents.source, given, expressions, probes.places.length);
    return judged({
      tolerance,
      observations: probes.places.length,
      outputs: compareOutputs(policy, expressions, probes, given),
      weights: compareWeights(policy, expressions, contents),
    });
  } finally {
    await loaded.close();
  }
}

/** The first observation alone, then the rest many at a time: a file must take any number. */
async function runInBatches(loaded: OnnxPolicy, { data, places }: Probes): Promise<PolicyOutputs> {
  const size = data.length / places.length;
  const parts: PolicyOutputs[] = [];
  for (let start = 0, count = 1; start < places.length; start += count, count = LARGEST_BATCH) {
    parts.push(await loaded.outputs(data.subarray(start * size, (start + count) * size)));
  }
  return Object.fromEntries(Object.keys(parts[0]).map((name) => [name, joined(parts.map((part) => part[name]))]));
}

function joined(parts: readonly (Float32Array | Int32Array)[]): Float32Array | Int32Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = parts[0] instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function environmentOf({ environmentId }: ExportablePolicy): EnvironmentSource {
  const found = environments.find(({ id }) => id === environmentId);
  if (found !== undefined) return found;
  throw new OptionError(expectation("env", "the policy's environment, as it is not one of Uphill's", environmentId));
}

function requireSameSize(source: string, size: number, expected: number): void {
  if (size === expected) return;
  throw new ShapeError(`${source}: expected a policy for observations of length ${expected}, got one for length ${size}`);
}

function requireOutputs(
  source: string,
  given: PolicyOutputs,
  { parameters, action }: PolicyExpressions<ExportableDistribution>,
  rows: number,
): void {
  for (const [name, { shape }] of Object.entries({ ...parameters, action })) {
    const width = shape.slice(1).reduce<number>((product, length) => product * Number(length), 1);
    if (given[name]?.length === rows * width) continue;
    throw new FormatError(
      `${source}: expected an output "${name}" of ${width} numbers an observation, got ${given[name] === undefined ? "none" : given[name].length / rows}`,
    );
  }
}
