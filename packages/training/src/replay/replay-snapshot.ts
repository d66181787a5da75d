import { FormatError, requireInteger, requireObject, StateError } from "@uphill/core-math";
import type { Space } from "@uphill/envs";
import type { Snapshot } from "../agent/loop-body.js";
import { readSaved } from "../internal/read-saved.js";
import type { TensorData } from "../safetensors/dtypes.js";
import type { Ring } from "./gather.js";
import { APART, requireValues } from "./replay-rows.js";

/**
 * A moment of a replay buffer as a snapshot that copies when it is read.
 *
 * @param moment - With `latest` copied; its rows are not overwritten for a while.
 * @param first - The oldest row then.
 * @param writtenTo - Says up to which row has been written by then.
 */
export function replaySnapshot<A extends Space>(moment: Ring<A>, first: number, writtenTo: () => number): Snapshot {
  const { environments, end, rows } = moment;
  return {
    get tensors() {
      if (writtenTo() - first > rows.places) {
        throw new StateError("replay: expected a snapshot that is read before its transitions make room for others, got an older one");
      }
      return tensorsOf(moment, first);
    },
    state: { environments, first, end },
  };
}

function tensorsOf<A extends Space>({ environments, end, latest, kept, rows }: Ring<A>, first: number): Record<string, TensorData> {
  const columns = rows.read(first, end - first);
  // Whether the next step followed on from the last one was not known then.
  const flags = columns["flags"].data as Uint8Array;
  for (let k = Math.max(0, flags.length - environments); k < flags.length; k++) flags[k] &= ~APART;
  const apart = kept.between(first, end - environments);
  const size = latest.length / environments;
  return {
    ...columns,
    latest: { shape: [environments, size], data: latest.slice() },
    keptRows: { shape: [apart.rows.length], data: apart.rows },
    kept: { shape: [apart.rows.length, size], data: apart.values },
  };
}

/** What a snapshot is to fit. */
interface Room {
  readonly environments: number;
  readonly capacity: number;
  readonly observationSize: number;
}

/**
 * A snapshot's parts, checked but for its columns.
 *
 * @throws FormatError where it is damaged, or does not fit.
 */
export function readReplay({ tensors, state }: Snapshot, { environments, capacity, observationSize }: Room) {
  const saved = readSaved(() => requireObject("replay", state));
  const count = (name: string, least = 0): number =>
    readSaved(() => requireInteger(`replay.${name}`, saved[name], { least }));
  const first = count("first");
  const end = count("end", first);
  if (count("environments") !== environments || first % environments !== 0 || end % environments !== 0) {
    throw new FormatError(`replay: expected whole steps of ${environments} environments, got those of ${count("environments")}`);
  }
  if (end - first > capacity) {
    throw new FormatError(`replay: expected at most ${capacity} transitions, got ${end - first}`);
  }
  const latest = requireValues(tensors, "latest", new Float32Array(), environments * observationSize);
  const flags = requireValues(tensors, "flags", new Uint8Array(), end - first);
  const apart = [...flags.keys()].filter((k) => (flags[k] & APART) !== 0);
  const keptRows = requireValues(tensors, "keptRows", new Float64Array(), apart.length);
  if (apart.some((k, index) => keptRows[index] !== first + k)) {
    throw new FormatError("replay: expected keptRows to be those that the flags name, got others");
  }
  const kept = requireValues(tensors, "kept", new Float32Array(), apart.length * observationSize);
  return { first, end, latest, keptRows, kept, columns: tensors };
}
