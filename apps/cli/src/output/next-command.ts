import type { Context } from "../context.js";

/**
 * How to write a command of `uphill` here: in a clone of the repository, where npm runs it, by npm.
 *
 * @param parts - What follows `uphill`; quoted where a shell needs it.
 */
export function nextCommand({ variables }: Pick<Context, "variables">, ...parts: readonly string[]): string {
  const start = runsInClone({ variables }) ? "npm run -s uphill --" : "uphill";
  return [start, ...parts.map(quoted)].join(" ");
}

/** Whether npm runs the command from a clone of the repository. */
export function runsInClone({ variables }: Pick<Context, "variables">): boolean {
  return variables["npm_package_name"] === "uphill" && variables["npm_lifecycle_event"] !== undefined;
}

function quoted(part: string): string {
  return /^[\w./:=@%+,-]+$/u.test(part) ? part : `'${part.replaceAll("'", String.raw`'\''`)}'`;
}
