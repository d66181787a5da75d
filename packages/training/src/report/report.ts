/** What training says after each iteration. Algorithms add numbers of their own: losses, KL, entropy. */
export interface Report {
  /** Environment steps taken so far, over all environments, those before a resume included; updates where nothing is played. */
  readonly steps: number;
  /** Iterations finished so far: one is a rollout and the updates from it. */
  readonly iteration: number;
  /** Time spent training so far, in ms. */
  readonly elapsedMs: number;
  /** Environment steps a second of training. */
  readonly stepsPerSecond: number;
  /** Episodes finished so far. */
  readonly episodes: number;
  /** Mean return of the last 100 finished episodes, of rewards as the environment gives them; NaN before the first. */
  readonly meanReturn: number;
  /** Mean length of the same episodes, in steps; NaN before the first. */
  readonly meanLength: number;
}
