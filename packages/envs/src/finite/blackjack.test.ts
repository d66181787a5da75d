import { Random } from "@uphill/core-math";
import { policyIteration } from "@uphill/tabular";
import { describe, expect, test } from "vitest";
import { environmentContract } from "../../test/environment-contract.js";
import { recordedRuns } from "../../test/recordings.js";
import { expectRecordedEpisodes } from "../../test/replay.js";
import { stepArrays } from "../internal/step-arrays.js";
import { makeEnvironment } from "../make.js";
import { blackjack, BlackjackDynamics } from "./blackjack.js";
import { type BlackjackHand, blackjackMdp, blackjackState } from "./blackjack-mdp.js";

/** A stream whose integers are read from a script; beyond it, it draws 0 and says that there was more. */
class Scripted extends Random {
  wanted: number | undefined;
  probability = 1;
  private position = 0;

  constructor(private readonly script: readonly number[]) {
    super(0);
  }

  override integer(n: number): number {
    const value = this.script[this.position++];
    if (value === undefined) this.wanted ??= n;
    this.probability *= (n === 13 && value === 9 ? 4 : 1) / n;
    return value ?? 0;
  }
}

/** Plays once for every way in which the stream may fall: tens and court cards, which count alike, as one. */
function enumerate(play: (random: Random) => void, seen: (probability: number) => void, script: number[] = []): void {
  const random = new Scripted(script);
  play(random);
  if (random.wanted === undefined) {
    seen(random.probability);
    return;
  }
  const ways = random.wanted === 13 ? 10 : random.wanted;
  for (let value = 0; value < ways; value++) enumerate(play, seen, [...script, value]);
}

const mdp = blackjackMdp(0);

/** The state of a hand of at least two cards. */
function stateOf(dynamics: BlackjackDynamics): number {
  const [points, ace, cards, dealer] = dynamics.state.map((column) => column[0]);
  const usableAce = ace === 1 && points <= 11;
  const sum = points + (usableAce ? 10 : 0);
  return blackjackState({ sum, dealer, usableAce, natural: sum === 21 && cards === 2 });
}

test("the dealer draws below 17, and 20 wins against a bust", () => {
  const dynamics = new BlackjackDynamics(1);
  const results = stepArrays(1, 3);
  // The dealer's 10 and 6, the player's 10 and king, the open card's suit and face, then a 9 for the dealer.
  dynamics.reset(0, new Scripted([9, 5, 9, 12, 0, 0]));
  dynamics.observe(0, results.observations);
  expect([...results.observations]).toEqual([20, 10, 0]);
  dynamics.advance(Int32Array.of(0), results, [new Scripted([8])]);
  expect([results.rewards[0], results.terminated[0]]).toEqual([1, 1]);
});

environmentContract(blackjack);

describe("enumeration of all draws", () => {
  test("hands are dealt as often as the process says", () => {
    const dynamics = new BlackjackDynamics(1);
    const probabilities = new Float64Array(mdp.states);
    enumerate(
      (random) => {
        dynamics.reset(0, random);
      },
      (probability) => (probabilities[stateOf(dynamics)] += probability),
    );
    const difference = Math.max(...probabilities.map((p, state) => Math.abs(p - mdp.initial[state])));
    expect(difference).toBeLessThan(1e-14);
  });

  // Points with each ace as 1, whether there is an ace, how many cards.
  const hands = [[12, 0, 2], [20, 0, 3], [4, 0, 2], [6, 1, 2], [11, 1, 3], [11, 1, 2], [16, 1, 4], [21, 1, 4]] as const;

  test.each(hands)("a hand of %d points, ace %d, %d cards: what sticking wins, and what follows a hit", (...hand) => {
    for (const dealer of [1, 2, 6, 10]) {
      const dynamics = new BlackjackDynamics(1);
      const results = stepArrays(1, 3);
      const play = (action: number, random: Random): void => {
        const values = [...hand, dealer, Math.min(random.integer(13) + 1, 10)];
        dynamics.state.forEach((column, i) => (column[0] = values[i]));
        dynamics.advance(Int32Array.of(action), results, [random]);
      };
      play(0, new Scripted([]));
      const state = startOf(hand, dealer);
      let win = 0;
      enumerate(
        (random) => {
          play(0, random);
        },
        (probability) => (win += probability * results.rewards[0]),
      );
      expect(Math.abs(win - mdp.reward[2 * state])).toBeLessThan(1e-12);

      const after = new Float64Array(mdp.states);
      let loss = 0;
      enumerate(
        (random) => {
          play(1, random);
        },
        (probability) => {
          after[results.terminated[0] === 1 ? mdp.states - 1 : stateOf(dynamics)] += probability;
          loss += probability * results.rewards[0];
        },
      );
      expect(Math.abs(loss - mdp.reward[2 * state + 1])).toBeLessThan(1e-12);
      const row = mdp.transition.subarray((2 * state + 1) * mdp.states, (2 * state + 2) * mdp.states);
      expect(Math.max(...after.map((p, next) => Math.abs(p - row[next])))).toBeLessThan(1e-14);
    }
  });

  function startOf([points, ace, cards]: readonly [number, number, number], dealer: number): number {
    const dynamics = new BlackjackDynamics(1);
    [points, ace, cards, dealer, 5].forEach((value, i) => (dynamics.state[i][0] = value));
    return stateOf(dynamics);
  }
});

test("the best player sticks on 17 and more, hits below 12, and hits a soft 17; the house wins in the end", () => {
  const process = blackjackMdp(1 - 1e-9);
  const { policy, value } = policyIteration(process);
  const sticks = (hand: BlackjackHand): boolean => policy[2 * blackjackState(hand)] > 0.5;
  for (let dealer = 1; dealer <= 10; dealer++) {
    expect([17, 18, 19, 20, 21].map((sum) => sticks({ sum, dealer }))).toEqual(Array.from({ length: 5 }, () => true));
    expect([8, 9, 10, 11].map((sum) => sticks({ sum, dealer }))).toEqual(Array.from({ length: 4 }, () => false));
    expect(sticks({ sum: 17, dealer, usableAce: true })).toBe(false);
  }
  const mean = value.reduce((sum, v, state) => sum + v * process.initial[state], 0);
  expect(mean).toBeGreaterThan(-0.05);
  expect(mean).toBeLessThan(-0.04);
});

describe("the recordings of Gymnasium 1.4", () => {
  test.each(recordedRuns("Blackjack-v1"))("seed $seed", (run) => {
    expectRecordedEpisodes(makeEnvironment(blackjack), run, 0);
  });

  test("the same name; no limit, no threshold", () => {
    const { id, maxEpisodeSteps, rewardThreshold } = blackjack;
    expect([id, maxEpisodeSteps, rewardThreshold]).toEqual(["Blackjack-v1", undefined, undefined]);
  });
});

test("hands that nobody holds", () => {
  expect(() => blackjackState({ sum: 3, dealer: 1 })).toThrow("hand.sum: expected an integer in [4, 21], got 3");
  expect(() => blackjackState({ sum: 11, dealer: 1, usableAce: true })).toThrow("[12, 21], got 11");
  expect(() => blackjackState({ sum: 20, dealer: 1, natural: true })).toThrow("[21, 21], got 20");
  expect(() => blackjackState({ sum: 20, dealer: 11 })).toThrow("hand.dealer: expected an integer in [1, 10], got 11");
  expect(() => blackjackMdp(1)).toThrow("gamma: expected a finite number in [0, 1), got 1");
});
