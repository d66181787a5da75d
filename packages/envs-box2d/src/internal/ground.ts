import type { Random } from "@uphill/core-math";
import { HEIGHT, PAD_HEIGHT, WIDTH } from "./metres.js";

/** Corners of the ground, evenly spaced from the left edge to the right one. */
const CORNERS = 11;
/** The middle five of the drawn heights are the pad's, which makes the ground between corners 4 and 6 flat. */
const PAD_CORNERS = [3, 4, 5, 6, 7];

/** A corner of the ground, m. */
export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** Draws the ground of an episode: twelve heights in [0, H/2), of which each corner takes 0.33 times the sum of three. */
export function drawGround(random: Random): readonly Corner[] {
  const heights = Array.from({ length: CORNERS + 1 }, () => random.uniform(0, HEIGHT / 2));
  for (const corner of PAD_CORNERS) heights[corner] = PAD_HEIGHT;
  return Array.from({ length: CORNERS }, (_, i) => {
    const before = heights[i === 0 ? CORNERS : i - 1]; // the first corner's left neighbour is the twelfth height
    return { x: (WIDTH / (CORNERS - 1)) * i, y: 0.33 * (before + heights[i] + heights[i + 1]) };
  });
}
