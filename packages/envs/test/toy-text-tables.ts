import { readFileSync } from "node:fs";

/** An environment's `P` and `initial_state_distrib` in Gymnasium 1.4.0; made by record_toy_text.py. */
export interface RecordedTable {
  readonly initial: readonly number[];
  /** For each state and action: probability, next state, reward, terminated, and so on. */
  readonly outcomes: readonly (readonly (readonly number[])[])[];
}

/** The recorded table of a name such as `Taxi-v4-rainy`. */
export function recordedTable(name: string): RecordedTable {
  const file = new URL("reference/toy-text-tables.json", import.meta.url);
  const { tables } = JSON.parse(readFileSync(file, "utf8")) as { tables: Readonly<Record<string, RecordedTable>> };
  return tables[name];
}
