import type { Store } from "@uphill/autodiff";
import { expect } from "vitest";

/** ‖θ − θ′‖ / ‖θ′‖ over all variables of two stores, whose variables are those of two runs alike. */
export function storeDifference(store: Store, reference: Store): number {
  const [own, expected] = [store, reference].map((one) => one.variables().flatMap((variable) => [...one.view(variable)]));
  expect(store.variables().map(({ name }) => name)).toEqual(reference.variables().map(({ name }) => name));
  let [distance, size] = [0, 0];
  expected.forEach((value, i) => {
    distance += (own[i] - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(distance / size);
}
