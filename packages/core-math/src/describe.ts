/** How many characters of a string, and how many elements of an array, a message shows. */
const SHOWN_CHARACTERS = 40;
const SHOWN_ELEMENTS = 4;

/**
 * What a value is, in a few words, for the end of an error message (`got …`).
 *
 * Numbers, strings and short arrays are shown as they would be written in source; long ones by their length; objects by
 * their class. The text is bounded: a huge array or a hostile object costs no more than a small one.
 *
 * @param value - Anything at all.
 * @returns One short line, such as `1.5`, `"adamm"`, `a Float32Array of length 64`, `an object`.
 */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${clipped(String(value))}n`;
    case "string":
      return JSON.stringify(clipped(value));
    case "function":
      return value.name === "" ? "a function" : `the function ${clipped(value.name)}`;
    case "object":
      return value === null ? "null" : describeObject(value);
    case "boolean":
    case "symbol":
    case "undefined":
      return String(value);
  }
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return describeArray(value);
  if (ArrayBuffer.isView(value) && "length" in value) return `${withArticle(className(value))} of length ${String(value.length)}`;
  const name = className(value);
  return name === "Object" || name === "" ? "an object" : withArticle(name);
}

/** `an Int32Array`, but `a Uint8Array`: of names in U, those in Un and Up alone begin with a vowel. */
function withArticle(name: string): string {
  return `${/^(?:[AEIO]|U[np](?!i))/u.test(name) ? "an" : "a"} ${name}`;
}

function describeArray(values: readonly unknown[]): string {
  const flat = values.length <= SHOWN_ELEMENTS && values.every((value) => typeof value !== "object" || value === null);
  return flat ? `[${values.map(describe).join(", ")}]` : `an array of length ${values.length}`;
}

function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || typeof prototype !== "object") return "";
  const { constructor } = prototype;
  return typeof constructor === "function" ? clipped(constructor.name) : "";
}

function clipped(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
