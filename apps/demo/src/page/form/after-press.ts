let pressed = false;
let waiting: (() => void)[] = [];

addEventListener("pointerdown", () => (pressed = true), true);
for (const event of ["pointerup", "pointercancel"]) addEventListener(event, release, true);

/**
 * Does something at once, or, while a button of the mouse is down, after the click. A field that is left by a click
 * changes before the click is complete: what moved then would be missed by it.
 */
export function afterPress(action: () => void): void {
  if (pressed) waiting.push(action);
  else action();
}

function release(): void {
  pressed = false;
  const actions = waiting;
  waiting = [];
  // The click itself follows in the same task.
  setTimeout(() => actions.forEach((action) => action()), 0);
}
