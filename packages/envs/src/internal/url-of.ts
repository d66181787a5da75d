import { expectation, OptionError } from "@uphill/core-math";

/** The URL that a value is. @throws OptionError where it is none. */
export function urlOf(argument: string, value: string | URL): URL {
  const text = String(value);
  if (URL.canParse(text)) return new URL(text);
  throw new OptionError(expectation(argument, 'a URL, such as new URL("./crane.js", import.meta.url)', value));
}
