import { readFileSync } from "node:fs";

/** One run of the real Gymnasium 1.4.0 (NumPy 2.4.6): `make(env)`, `reset(seed)`, then the recorded actions. */
export interface RecordedRun {
  readonly seed: number;
  readonly policy: string;
  readonly obs0: readonly number[];
  readonly state0: readonly number[];
  readonly action: readonly (number | readonly number[])[];
  readonly obs: readonly (readonly number[])[];
  readonly state: readonly (readonly number[])[];
  readonly reward: readonly number[];
  readonly terminated: readonly (0 | 1)[];
  readonly truncated: readonly (0 | 1)[];
  /** First observation and state after the unseeded reset that follows a step which ended the episode. */
  readonly resetObs: Readonly<Record<string, readonly number[]>>;
  readonly resetState?: Readonly<Record<string, readonly number[]>>;
}

type Recorded = number | readonly number[];

interface RawRun extends Omit<RecordedRun, "obs0" | "obs" | "resetObs"> {
  readonly obs0: Recorded;
  readonly obs: readonly Recorded[];
  readonly resetObs: Readonly<Record<string, Recorded>>;
}

/**
 * The recorded runs of an environment; the state's number that toy text shows becomes a vector of it.
 *
 * @param folder - Where the recordings are, with a slash at its end.
 */
export function recordedRuns(id: string, folder = new URL("reference/", import.meta.url)): readonly RecordedRun[] {
  const file = new URL(`${id}.json`, folder);
  const { runs } = JSON.parse(readFileSync(file, "utf8")) as { readonly runs: readonly RawRun[] };
  return runs.map((run) => ({
    ...run,
    obs0: vector(run.obs0),
    obs: run.obs.map(vector),
    resetObs: Object.fromEntries(Object.entries(run.resetObs).map(([t, seen]) => [t, vector(seen)])),
  }));
}

function vector(recorded: Recorded): readonly number[] {
  return typeof recorded === "number" ? [recorded] : recorded;
}
