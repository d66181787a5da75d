import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makeEnvironment } from "../make.js";
import { findEnvironment } from "../registry.js";
import { blackjack } from "./blackjack.js";
import { frozenLakeWith } from "./frozen-lake.js";

interface Rendering {
  readonly env: string;
  readonly state: number;
  readonly action: number | null;
  readonly text: string;
}

const { renderings } = JSON.parse(
  readFileSync(new URL("../../test/reference/toy-text-renderings.json", import.meta.url), "utf8"),
) as { readonly renderings: readonly Rendering[] };

test("a lake of your own", () => {
  const lake = frozenLakeWith({ map: ["SF", "HG"], slippery: false });
  const environment = makeEnvironment(lake);
  environment.reset({ seed: 0 });
  expect(lake.text?.(environment.step(2).observation, 2)).toBe("  (Right)\nS\u001B[41mF\u001B[0m\nHG\n");
});

test.each(renderings)("Gymnasium's text of $env in state $state after action $action", ({ env, state, action, text }) => {
  expect(findEnvironment(env).text?.([state], action ?? undefined)).toBe(text);
});

test("a hand of blackjack", () => {
  expect(blackjack.text?.([18, 1, 1])).toBe("player 18 with a usable ace, dealer shows an ace\n");
  expect(blackjack.text?.([12, 10, 0], 1)).toBe("player 12, dealer shows 10\n");
});
