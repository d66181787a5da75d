import { allowedText, formatOption } from "@uphill/training";
import type { OptionDefinition } from "@uphill/training";

/** Words of names that are abbreviations. */
const abbreviations: ReadonlyMap<string, string> = new Map([["kl", "KL"]]);

/** An option's name as a label: `Learning rate` for `learningRate`. */
export function labelOf(name: string): string {
  const words = name
    .replaceAll(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`)
    .split(" ")
    .map((word) => abbreviations.get(word) ?? word)
    .join(" ");
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

/**
 * What a form says of an option: `Discount of future rewards. Allowed: a number in [0, 1]. Default 0.99.`
 *
 * @param definition - The option.
 * @param preset - The value that the form begins with; mentioned where it is not the default.
 * @param environment - Whose preset that is.
 */
export function helpOf(definition: OptionDefinition, preset: OptionDefinition["default"], environment: string): string {
  const { meaning, unit } = definition;
  const usual = formatOption(definition, definition.default);
  const tuned = formatOption(definition, preset);
  const sentences = [
    sentence(unit === undefined || meaning.includes(unit) ? meaning : `${meaning}, in ${unit}`),
    `Allowed: ${allowedText(definition, "text")}.`,
    tuned === usual ? `Default ${usual}.` : `${environment} uses ${tuned}; default ${usual}.`,
  ];
  return sentences.join(" ");
}

/** An error about one option, to stand beside it: without the name that it begins with. */
export function besideField(message: string): string {
  return sentence(message.replace(/^[^:]*: /u, ""));
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
