import { register } from "node:module";

type Resolve = (specifier: string, context: object) => unknown;

/**
 * A resolve hook of Node.js: whoever imports a package of Uphill gets the copy that `parentURL` would get, if
 * that has one.
 *
 * It runs in a thread of its own and is sent there as text, so it uses nothing from outside.
 */
export async function resolveForParent(
  parentURL: string,
  specifier: string,
  context: object,
  next: Resolve,
): Promise<unknown> {
  if (!specifier.startsWith("@uphill/")) return next(specifier, context);
  try {
    return await next(specifier, { ...context, parentURL });
  } catch {
    return next(specifier, context);
  }
}

let shared = false;

/**
 * Lets modules that are loaded from now on import the very copies of Uphill's packages that this command uses, wherever
 * their files are: in a folder where nothing is installed too. A box made by another copy would not be known as a box.
 */
export function sharePackages(): void {
  if (shared) return;
  shared = true;
  const hook = `${resolveForParent.toString()}
let parentURL;
export function initialize(url) { parentURL = url; }
export function resolve(specifier, context, next) { return resolveForParent(parentURL, specifier, context, next); }`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`, { data: import.meta.url });
}
