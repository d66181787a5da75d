import { setEnvironmentData } from "node:worker_threads";
import { threadPreloadKey } from "@uphill/envs";

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
 * their files are, and on worker threads too: in a folder where nothing is installed, say. A box made by another copy would not be known as a box.
 */
export async function sharePackages(): Promise<void> {
  if (shared) return;
  shared = true;
  const hooks = `${resolveForParent.toString()}
let parentURL;
export function initialize(url) { parentURL = url; }
export function resolve(specifier, context, next) { return resolveForParent(parentURL, specifier, context, next); }`;
  const register = dataUrl(`import { register } from "node:module";
register(${JSON.stringify(dataUrl(hooks))}, { data: ${JSON.stringify(import.meta.url)} });`);
  await import(/* @vite-ignore */ register);
  setEnvironmentData(threadPreloadKey, register);
}

function dataUrl(module: string): string {
  return `data:text/javascript,${encodeURIComponent(module)}`;
}
