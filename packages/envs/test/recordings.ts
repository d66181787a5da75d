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

/** The recorded runs of an environment. */
export function recordedRuns(id: string): readonly RecordedRun[] {
  const file = new URL(`reference/${id}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly runs: readonly RecordedRun[] }).runs;
}
