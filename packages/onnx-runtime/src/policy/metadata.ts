import { FormatError, UphillError } from "@uphill/core-math";
import { isActionSpace, spaceFromJSON } from "@uphill/envs";
import type { AnySpace, Box, Space } from "@uphill/envs";
import type { MetadataEntry } from "../graph/encode-graph.js";
import type { Model } from "../protobuf/model-bytes.js";

/** Version of what the keys mean and of the graph's inputs and outputs. */
const FORMAT = "1";

const keys = {
  format: "uphill.format",
  environment: "uphill.environment",
  algorithm: "uphill.algorithm",
  distribution: "uphill.distribution",
  observationSpace: "uphill.observationSpace",
  actionSpace: "uphill.actionSpace",
} as const;

/** What a policy's file says of itself, beside the graph. */
export interface PolicyMetadata {
  /** The environment that the policy is for, such as `CartPole-v1`. */
  readonly environmentId: string;
  /** What trained it, such as `ppo`. */
  readonly algorithm: string;
  /** Kind of the distribution whose parameters the graph gives, such as `categorical`. */
  readonly distribution: string;
  /** The space of observations. */
  readonly observationSpace: Box;
  /** The space of actions. */
  readonly actionSpace: Space;
}

/** The metadata as entries of an ONNX model. */
export function metadataEntries(metadata: PolicyMetadata): MetadataEntry[] {
  const values = {
    format: FORMAT,
    environment: metadata.environmentId,
    algorithm: metadata.algorithm,
    distribution: metadata.distribution,
    observationSpace: JSON.stringify(metadata.observationSpace),
    actionSpace: JSON.stringify(metadata.actionSpace),
  };
  return Object.entries(keys).map(([name, key]) => ({ key, value: values[name as keyof typeof keys] }));
}

/**
 * The metadata that {@link metadataEntries} wrote.
 *
 * @param source - The file's name, for messages.
 * @throws FormatError where a key is missing, a space cannot be read, or the format is of another version.
 */
export function readMetadata(source: string, model: Model): PolicyMetadata {
  const values = new Map(model.metadataProps.map(({ key, value }) => [key, value]));
  const value = (key: string): string => {
    const found = values.get(key);
    if (found !== undefined) return found;
    throw new FormatError(`${source}: expected a policy that Uphill exported, got an ONNX model without the metadata "${key}"`);
  };
  const format = value(keys.format);
  if (format !== FORMAT) {
    throw new FormatError(`${source}: expected a policy of format ${FORMAT}, got format ${JSON.stringify(format)}`);
  }
  return {
    environmentId: value(keys.environment),
    algorithm: value(keys.algorithm),
    distribution: value(keys.distribution),
    observationSpace: readBox(source, value(keys.observationSpace)),
    actionSpace: readSpace(source, keys.actionSpace, value(keys.actionSpace)),
  };
}

function readBox(source: string, text: string): Box {
  const space = readSpace(source, keys.observationSpace, text);
  if (space.kind === "box") return space;
  throw new FormatError(`${source}: expected a box as "${keys.observationSpace}", got a ${space.kind} space`);
}

function readSpace(source: string, key: string, text: string): Space {
  const space = parseSpace(source, key, text);
  if (isActionSpace(space)) return space;
  throw new FormatError(`${source}: expected a space of numbers or choices as "${key}", got a ${space.kind} space`);
}

function parseSpace(source: string, key: string, text: string): AnySpace {
  try {
    return spaceFromJSON(JSON.parse(text));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof UphillError)) throw cause;
    throw new FormatError(`${source}: expected a space as "${key}", got damaged text (${cause.message})`, { cause });
  }
}
