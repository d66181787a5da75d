import { appendFileSync } from "node:fs";
import type * as FastCheck from "fast-check";
import { expect, vi } from "vitest";

/** Runs of a property that sets no number of its own, in everyday tests. */
const everydayRuns = 100;

/** One property that was checked: a line of the file that FAST_CHECK_RECORD names. */
interface CheckedProperty {
  readonly law: string;
  readonly runs: number;
  readonly passed: boolean;
}

/** Runs in proportion: a property that sets its own number, because a run is costly or more are needed, keeps its share. */
export function scaledRuns(own: number | undefined, runs: number): number {
  return Math.max(1, Math.round(((own ?? everydayRuns) * runs) / everydayRuns));
}

/**
 * Makes every `fc.assert` of the test files take `runs` runs, or its share of them, and write down how it ended.
 *
 * @param record - The file that lines of JSON are added to; none where left out.
 */
export function scaleLaws(runs: number, record: string | undefined): void {
  if (!Number.isSafeInteger(runs) || runs < 1) throw new Error(`FAST_CHECK_RUNS: expected an integer ≥ 1, got ${runs}`);
  vi.doMock("fast-check", async (importOriginal) => {
    const original = await importOriginal<typeof FastCheck>();
    const assert = scaledAssert(original, runs, (property) => {
      if (record !== undefined) appendFileSync(record, `${JSON.stringify(property)}\n`);
    });
    return { ...original, assert, default: { ...original.default, assert } };
  });
}

function scaledAssert(
  original: typeof FastCheck,
  runs: number,
  note: (property: CheckedProperty) => void,
): (property: FastCheck.IRawProperty<unknown>, parameters?: FastCheck.Parameters<unknown>) => Promise<void> | void {
  return (property, parameters) => {
    const numRuns = scaledRuns(parameters?.numRuns, runs);
    const law = `${expect.getState().testPath} ${expect.getState().currentTestName}`;
    const ended = (passed: boolean): void => note({ law, runs: numRuns, passed });
    const failed = (error: unknown): never => {
      ended(false);
      throw error;
    };
    try {
      const checked: unknown = original.assert(property, { ...parameters, numRuns });
      if (checked instanceof Promise) return checked.then(() => ended(true), failed);
    } catch (error) {
      failed(error);
    }
    ended(true);
  };
}
