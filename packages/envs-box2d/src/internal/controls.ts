import { type Box, box, type Discrete, discrete, type Space } from "@uphill/envs";

/** Powers of the engines: the main one's in [0, 1]; the side ones' in [−1, 1], below 0 where the left one fires. */
export interface Powers {
  readonly main: number;
  readonly side: number;
}

/** How the actions of a space work the engines. */
export interface Controls<A extends Space> {
  readonly actionSpace: A;
  /** The powers of an action, a choice of which comes as a list of one. */
  powers(action: ArrayLike<number>): Powers;
}

/** Nothing (0), the left engine (1), the main engine (2), the right engine (3). */
export const switches: Controls<Discrete> = {
  actionSpace: discrete(4),
  powers: ({ 0: choice }) => ({ main: choice === 2 ? 1 : 0, side: choice === 1 || choice === 3 ? choice - 2 : 0 }),
};

/** Throttles of the main and the side engines: none runs below half its power. */
export const throttles: Controls<Box> = {
  actionSpace: box({ low: -1, high: 1, shape: [2] }),
  powers: ({ 0: main, 1: side }) => ({
    main: main > 0 ? (Math.min(main, 1) + 1) / 2 : 0,
    side: Math.abs(side) > 0.5 ? Math.max(-1, Math.min(side, 1)) : 0,
  }),
};
