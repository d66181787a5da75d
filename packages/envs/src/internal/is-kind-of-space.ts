import type { KindOfSpace } from "../spaces/kind-of-space.js";

const METHODS = ["sample", "contains", "equals", "toJSON"];

/** Whether a value can do what every space can. */
export function isKindOfSpace(value: unknown): value is KindOfSpace<unknown> {
  if (typeof value !== "object" || value === null || typeof Reflect.get(value, "kind") !== "string") return false;
  return METHODS.every((name) => typeof Reflect.get(value, name) === "function");
}
