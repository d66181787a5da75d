import type { JsonValue } from "../json.js";

/** What can go back to a state that it was in. */
export interface SavesState {
  saveState(): JsonValue;
  restoreState(state: JsonValue): void;
}

/** Whether an environment or a batch has both of the methods that saving takes. */
export function savesState<T extends Partial<SavesState>>(value: T): value is T & SavesState {
  return value.saveState !== undefined && value.restoreState !== undefined;
}
