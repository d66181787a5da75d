import { batchOf, expectClose, has, parametersOf, run, valueInput } from "./harness.js";
import type { ParameterValues, Subject } from "./harness.js";

/** What the reference says of one distribution. */
export interface Reference {
  readonly x: readonly (number | readonly number[])[];
  readonly log_prob: readonly number[];
  readonly entropy?: number;
  readonly mean?: number | readonly number[];
  readonly kl_to_other?: number;
  readonly kl_from_other?: number;
}

/** Compares a family with the reference in float64: log-probabilities, and what it has in closed form. */
export function expectReference(
  subject: Subject,
  reference: Reference,
  values: ParameterValues,
  other: ParameterValues = values,
): void {
  const [p, q] = [batchOf(subject), batchOf(subject, ["batch"], "other/")];
  const value = valueInput(p);
  const count = reference.x.length;
  const outputs = {
    log_prob: p.logProbability(value),
    ...(has(subject, "entropy") && { entropy: p.entropy() }),
    ...(has(subject, "mean") && { mean: p.mean() }),
    ...(has(subject, "kl") && reference.kl_to_other !== undefined && { kl_to_other: p.kl(q), kl_from_other: q.kl(p) }),
  };
  const rows = (list: readonly number[]) => reference.x.flatMap(() => list);
  const feeds = Object.fromEntries([
    ...Object.entries(values).map(([name, list]) => [name, rows(list)]),
    ...Object.entries(other).map(([name, list]) => [`other/${name}`, rows(list)]),
  ]) as Record<string, number[]>;
  const inputs = [...parametersOf(p, ...("kl_to_other" in outputs ? [q] : [])), value];
  const needed = Object.fromEntries(inputs.map(({ name }) => [name!, feeds[name!] ?? reference.x.flat()]));
  for (const [name, list] of Object.entries(run(inputs, outputs, needed))) {
    const expected: number[] = [reference[name as keyof Reference]!].flat(2);
    const once = expected.length === list.length ? list : list.slice(0, list.length / count);
    expectClose(once, expected, 1e-10);
  }
}
