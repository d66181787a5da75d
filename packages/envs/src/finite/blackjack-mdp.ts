import { requireBoolean, requireInteger, requireObject } from "@uphill/core-math";
import { finiteMdp, type FiniteMdp } from "@uphill/tabular";

/** What the player knows: a state of {@link blackjackMdp}. */
export interface BlackjackHand {
  /** The player's sum: 4 … 21, or 12 … 21 with a usable ace. */
  readonly sum: number;
  /** The dealer's open card: 1 (an ace) … 10. */
  readonly dealer: number;
  /** Whether an ace counts 11. Default false. */
  readonly usableAce?: boolean;
  /** Whether the hand is an ace and a ten and nothing else. Default false. */
  readonly natural?: boolean;
}

/** Hands that a player may have: 18 without a usable ace (4 … 21), 10 with one (12 … 21), and the natural. */
const HANDS = 29;
const NATURAL = HANDS - 1;
/** All hands with each open card, and the end. */
const STATES = 10 * HANDS + 1;
const END = STATES - 1;

/** What a card may count, and how likely that is. */
const CARDS = Array.from({ length: 10 }, (_, i) => ({ value: i + 1, probability: (i === 9 ? 4 : 1) / 13 }));

/**
 * `blackjack` as a finite Markov decision process: 290 hands and the end, with the exact P and r.
 *
 * Observations do not tell a natural from another 21 with an ace, which matters where the dealer has a natural: hence a
 * state of its own. {@link blackjackState} numbers the states; actions are stick (0) and hit (1). Source: as `blackjack`.
 *
 * @param gamma - γ in [0, 1). Games are short: one close to 1 gives the mean win.
 * @throws OptionError for any other γ.
 */
export function blackjackMdp(gamma: number): FiniteMdp {
  const transition = new Float64Array(STATES * 2 * STATES);
  const reward = new Float64Array(STATES * 2);
  for (let state = 0; state < END; state++) {
    const dealer = Math.floor(state / HANDS) + 1;
    transition[2 * state * STATES + END] = 1;
    reward[2 * state] = meanWin(state % HANDS, dealer);
    const hit = 2 * state + 1;
    for (const { value, probability } of CARDS) {
      const hand = drawnTo(state % HANDS, value);
      transition[hit * STATES + (hand === undefined ? END : numbered(hand, dealer))] += probability;
      if (hand === undefined) reward[hit] -= probability;
    }
  }
  transition[2 * END * STATES + END] = 1;
  transition[(2 * END + 1) * STATES + END] = 1;
  return finiteMdp({ states: STATES, actions: 2, transition, reward, initial: dealt(), gamma });
}

/**
 * The number of a hand among the states of {@link blackjackMdp}.
 *
 * @throws OptionError for a hand that no player can hold.
 */
export function blackjackState(hand: BlackjackHand): number {
  requireObject("hand", hand);
  const usableAce = requireBoolean("hand.usableAce", hand.usableAce ?? false);
  const dealer = requireInteger("hand.dealer", hand.dealer, { least: 1, most: 10 });
  const natural = requireBoolean("hand.natural", hand.natural ?? false);
  const sum = requireInteger("hand.sum", hand.sum, { least: natural ? 21 : usableAce ? 12 : 4, most: 21 });
  return numbered(natural ? NATURAL : handOf(sum, usableAce), dealer);
}

function numbered(hand: number, dealer: number): number {
  return (dealer - 1) * HANDS + hand;
}

function handOf(sum: number, usableAce: boolean): number {
  return usableAce ? 18 + sum - 12 : sum - 4;
}

function sumOf(hand: number): { readonly sum: number; readonly usableAce: boolean } {
  if (hand === NATURAL) return { sum: 21, usableAce: true };
  return hand < 18 ? { sum: hand + 4, usableAce: false } : { sum: hand - 18 + 12, usableAce: true };
}

/** The sum with one card more. */
function withCard(sum: number, usableAce: boolean, card: number): { readonly sum: number; readonly usableAce: boolean } {
  if (card === 1 && sum + 11 <= 21) return { sum: sum + 11, usableAce: true };
  if (usableAce && sum + card > 21) return { sum: sum + card - 10, usableAce: false };
  return { sum: sum + card, usableAce };
}

/** The hand with one card more; undefined where that is too much. */
function drawnTo(hand: number, card: number): number | undefined {
  const before = sumOf(hand);
  const { sum, usableAce } = withCard(before.sum, before.usableAce, card);
  return sum > 21 ? undefined : handOf(sum, usableAce);
}

/** What sticking wins on average against the dealer's open card. */
function meanWin(hand: number, dealer: number): number {
  const { sum } = sumOf(hand);
  const first = withCard(0, false, dealer);
  let win = 0;
  for (const { value, probability } of CARDS) {
    const second = withCard(first.sum, first.usableAce, value);
    if (second.sum !== 21 && hand === NATURAL) win += probability;
    else win += probability * meanWinOver(sum, second.sum, second.usableAce);
  }
  return win;
}

/** The same once the dealer's sum is known: below 17 the dealer draws. */
function meanWinOver(sum: number, dealerSum: number, usableAce: boolean): number {
  if (dealerSum > 21) return 1;
  if (dealerSum >= 17) return Math.sign(sum - dealerSum);
  let win = 0;
  for (const { value, probability } of CARDS) {
    const next = withCard(dealerSum, usableAce, value);
    win += probability * meanWinOver(sum, next.sum, next.usableAce);
  }
  return win;
}

/** How likely each hand is to be dealt. */
function dealt(): Float64Array {
  const initial = new Float64Array(STATES);
  for (const first of CARDS) {
    for (const second of CARDS) {
      const one = withCard(0, false, first.value);
      const { sum, usableAce } = withCard(one.sum, one.usableAce, second.value);
      const hand = sum === 21 ? NATURAL : handOf(sum, usableAce);
      for (const dealer of CARDS) {
        initial[numbered(hand, dealer.value)] += first.probability * second.probability * dealer.probability;
      }
    }
  }
  return initial;
}
