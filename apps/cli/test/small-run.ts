/**
 * Options of a training run that takes a moment: 12 iterations of at most 512 steps, with a small network. It has the same
 * bits here and in a process of its own, which turns relaxed SIMD on.
 */
export const smallRun: readonly string[] = [
  ..."--steps 6000 --environments 4 --rollout-steps 128 --hidden-widths 8 --epochs 2".split(" "),
  ..."--checkpoint-every 0 --deterministic".split(" "),
];

/** How many iterations that is. */
export const smallRunIterations = 12;

/** Evaluations for it. */
export const smallEvaluations: readonly string[] = "--evaluate-every 1500 --evaluation-episodes 2".split(" ");
