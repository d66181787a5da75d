import { describe } from "@uphill/core-math";

/**
 * The element of an id, which the page's HTML has.
 *
 * @param id - Its id.
 * @param type - What it must be: `HTMLButtonElement`.
 */
export function elementOf<E extends HTMLElement>(id: string, type: new () => E): E {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new TypeError(`#${id}: expected ${type.name} in the page, got ${describe(element)}`);
}
