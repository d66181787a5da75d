/**
 * Which episodes are played for what. Training environments start from seeds below 2³² (see each algorithm), and each
 * kind of evaluation has 2³² seeds of its own above them, so that no episode that decides anything, and none that is
 * reported, is seen twice.
 */
const RANGE = 2 ** 32;

const firstSeeds = { screening: 2 * RANGE, confirmation: 4 * RANGE, final: 6 * RANGE } as const;

/** What episodes are played for. */
export type EvaluationKind = keyof typeof firstSeeds;

/**
 * The first seed of an evaluation; episode i starts from the i-th seed after it.
 *
 * @param kind - What it is for.
 * @param index - Any integer ≥ 0 that no other evaluation of this kind has, such as the steps of training before it.
 * @param episodes - How many episodes it plays, at most 2³².
 */
export function evaluationSeed(kind: EvaluationKind, index: number, episodes: number): number {
  return firstSeeds[kind] + ((index * episodes) % RANGE);
}
