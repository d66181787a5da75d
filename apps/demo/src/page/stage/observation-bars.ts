import type { Drawing } from "@uphill/envs";

const MARGIN = 24; // px
const MOST_HEIGHT = 18; // px, of a bar

/** Any environment: each number of the observation as a bar to the left or right of 0, through tanh so that all fit. */
export const observationBars: Drawing = {
  secondsPerStep: 0.05,
  description: "the numbers of the observation as bars",
  draw({ context, width, height }, { observation }, { accent, muted }): void {
    const row = (height - 2 * MARGIN) / observation.length;
    const bar = Math.min(MOST_HEIGHT, 0.6 * row);
    const reach = width / 2 - MARGIN;
    context.fillStyle = accent;
    for (let i = 0; i < observation.length; i++) {
      context.fillRect(width / 2, MARGIN + (i + 0.5) * row - bar / 2, reach * Math.tanh(observation[i]), bar);
    }
    context.fillStyle = muted;
    context.fillRect(width / 2 - 0.5, MARGIN, 1, height - 2 * MARGIN);
  },
};
