/**
 * The module of a name that bundlers do not see. What exists only in Node.js, and what is an optional peer, must not be
 * followed into a browser's bundle from a function that the page never calls.
 */
export function importAtRunTime(specifier: string): Promise<unknown> {
  return import(/* @vite-ignore */ /* webpackIgnore: true */ specifier);
}
