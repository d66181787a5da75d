import { expectation, OptionError, requireArray } from "@uphill/core-math";

/**
 * The choices that a mask allows, in order.
 *
 * @param argument - Name for the message.
 * @param mask - 0 or 1 for each of `n` choices.
 * @throws ShapeError for another length; OptionError for other numbers, or where no choice is left.
 */
export function allowedChoices(argument: string, mask: ArrayLike<number>, n: number): readonly number[] {
  requireArray(argument, mask, n);
  const allowed: number[] = [];
  for (let choice = 0; choice < n; choice++) {
    const flag = mask[choice];
    if (flag !== 0 && flag !== 1) throw new OptionError(expectation(`${argument}[${choice}]`, "0 or 1", flag));
    if (flag === 1) allowed.push(choice);
  }
  if (allowed.length > 0) return allowed;
  throw new OptionError(`${argument}: expected at least one allowed choice, got none`);
}
