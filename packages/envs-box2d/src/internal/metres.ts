/** Gymnasium measures in the pixels of its window; its physics is in metres of 30. */
export const PIXELS = 30;

/** Size of what the window shows, m. */
export const WIDTH = 600 / PIXELS;
export const HEIGHT = 400 / PIXELS;

/** The landing pad's height above the bottom, m. */
export const PAD_HEIGHT = HEIGHT / 4;

/** From the lander's middle down to the joints' anchor on a leg, m: an observed height of 0 stands on the pad. */
export const LEG_DROP = 18 / PIXELS;

/** Steps a second. */
export const STEP_RATE = 50;
