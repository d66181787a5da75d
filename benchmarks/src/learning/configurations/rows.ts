import type { Configuration, Family } from "../configuration.js";

/** Algorithm, environment, steps, goal, and what else a configuration has. */
export type Row = readonly [
  algorithm: string,
  environment: string,
  steps: number,
  goal: number | null,
  more?: Pick<Configuration, "variant" | "options" | "note">,
];

/** The configurations of a family, named by algorithm, environment and, where there is one, variant. */
export function rowsOf(family: Family, rows: readonly Row[]): readonly Configuration[] {
  return rows.map(([algorithm, environment, steps, goal, more]) => ({
    name: [algorithm, environment, more?.variant?.replaceAll(/[^a-z]+/giu, "-") ?? []].flat().join("-"),
    family,
    algorithm,
    environment,
    steps,
    goal,
    ...more,
  }));
}
