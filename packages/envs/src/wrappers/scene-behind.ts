import type { EnvironmentDefinition } from "../environment.js";

/** The way back from what a wrapper shows to the scene behind it, by which that scene is drawn and described. */
export interface SceneBehind {
  /** The wrapped environment's observation in one of the wrapper's; the same where left out. */
  observation?(shown: ArrayLike<number>): ArrayLike<number>;
  /** The wrapped environment's action for one that the wrapper was given; the same where left out. */
  action?(given: ArrayLike<number>): ArrayLike<number>;
}

/** Drawing and text of a definition, as they are for what a wrapper shows; neither where there is no way back. */
export function seenThrough(
  { drawing, text }: EnvironmentDefinition,
  behind: SceneBehind | null,
): Pick<EnvironmentDefinition, "drawing" | "text"> {
  if (behind === null) return {};
  const { observation: observed = itself, action: acted = itself } = behind;
  return {
    ...(drawing !== undefined && {
      drawing: {
        ...drawing,
        draw(surface, { observation, action }, colours) {
          drawing.draw(surface, { observation: observed(observation), action: acted(action) }, colours);
        },
      },
    }),
    ...(text !== undefined && {
      text: (observation, action) => text(observed(observation), action === undefined ? action : acted([action])[0]),
    }),
  };
}

function itself(numbers: ArrayLike<number>): ArrayLike<number> {
  return numbers;
}
