import type { Random } from "@uphill/core-math";
import { type Dynamics, environmentFromDynamics } from "../dynamics.js";
import type { EnvironmentDefinition, StepResults } from "../environment.js";
import { box } from "../spaces/box.js";
import { discrete, type Discrete } from "../spaces/discrete.js";

/** Most points that a hand may have. */
const MOST = 21;
/** Points from which the dealer stands. */
const DEALER_STANDS = 17;
/** Ranks from the ace to the king, all as likely: the deck is without end. */
const RANKS = 13;

/** N tables. Cards are drawn, and the stream is used, as Gymnasium does. */
export class BlackjackDynamics implements Dynamics<Discrete> {
  readonly state: readonly Float64Array[];
  /** The player's points with each ace as 1. */
  private readonly points: Float64Array;
  /** 1 where the player holds an ace. */
  private readonly ace: Float64Array;
  /** How many cards the player holds. */
  private readonly cards: Float64Array;
  /** The dealer's open and covered card. */
  private readonly open: Float64Array;
  private readonly covered: Float64Array;

  constructor(private readonly count: number) {
    this.points = new Float64Array(count);
    this.ace = new Float64Array(count);
    this.cards = new Float64Array(count);
    this.open = new Float64Array(count);
    this.covered = new Float64Array(count);
    this.state = [this.points, this.ace, this.cards, this.open, this.covered];
  }

  reset(index: number, random: Random): void {
    this.open[index] = card(random);
    this.covered[index] = card(random);
    this.points[index] = 0;
    this.ace[index] = 0;
    this.cards[index] = 0;
    this.hit(index, random);
    this.hit(index, random);
    random.integer(4); // Gymnasium draws a suit for the open card, to show it,
    if (this.open[index] === 10) random.integer(3); // and which of the court cards it is.
  }

  observe(index: number, observations: Float32Array): void {
    const row = 3 * index;
    const usable = usableAce(this.points[index], this.ace[index]);
    observations[row] = this.points[index] + (usable ? 10 : 0);
    observations[row + 1] = this.open[index];
    observations[row + 2] = usable ? 1 : 0;
  }

  advance(
    actions: Int32Array,
    { observations, rewards, terminated, truncated }: StepResults,
    streams: readonly Random[],
  ): void {
    for (let i = 0; i < this.count; i++) {
      if (actions[i] === 1) {
        this.hit(i, streams[i]);
        const bust = this.points[i] > MOST;
        rewards[i] = bust ? -1 : 0;
        terminated[i] = bust ? 1 : 0;
      } else {
        rewards[i] = this.stick(i, streams[i]);
        terminated[i] = 1;
      }
      this.observe(i, observations);
      truncated[i] = 0;
    }
  }

  private hit(index: number, random: Random): void {
    const drawn = card(random);
    this.points[index] += drawn;
    if (drawn === 1) this.ace[index] = 1;
    this.cards[index] += 1;
  }

  /** The dealer plays; what the player has won. */
  private stick(index: number, random: Random): number {
    let points = this.open[index] + this.covered[index];
    let ace = this.open[index] === 1 || this.covered[index] === 1 ? 1 : 0;
    const dealerNatural = points === 11 && ace === 1;
    while (total(points, ace) < DEALER_STANDS) {
      const drawn = card(random);
      points += drawn;
      if (drawn === 1) ace = 1;
    }
    const natural = this.cards[index] === 2 && this.points[index] === 11 && this.ace[index] === 1;
    if (natural && !dealerNatural) return 1;
    const dealer = total(points, ace);
    return Math.sign(total(this.points[index], this.ace[index]) - (dealer > MOST ? 0 : dealer));
  }
}

/** What the next card counts: 1 for an ace, 10 for the ten and the court cards. */
function card(random: Random): number {
  return Math.min(random.integer(RANKS) + 1, 10);
}

function usableAce(points: number, ace: number): boolean {
  return ace === 1 && points + 10 <= MOST;
}

function total(points: number, ace: number): number {
  return usableAce(points, ace) ? points + 10 : points;
}

/**
 * Blackjack-v1: draw cards to come closer to 21 than the dealer, and not beyond.
 *
 * Observation `[3]`: the player's sum, the dealer's open card (1 is an ace), and whether the player has an ace that
 * counts 11. Actions: stick (0), hit (1). Reward 1 for winning, −1 for losing or going bust, 0 for a draw; a natural (ace
 * and ten as the first two cards) wins against all but a natural. The dealer draws below 17; cards come from a deck
 * without end. No time limit. To the draw what Gymnasium 1.4 does from the same seed.
 *
 * Source: Sutton & Barto 2018, example 5.1; Gymnasium's Blackjack-v1.
 */
export const blackjack: EnvironmentDefinition<Discrete> = environmentFromDynamics({
  id: "Blackjack-v1",
  observationSpace: box({ low: [0, 0, 0], high: [31, 10, 1] }),
  actionSpace: discrete(2),
  text: (observation) => {
    const ace = observation[2] === 1 ? " with a usable ace" : "";
    return `player ${observation[0]}${ace}, dealer shows ${observation[1] === 1 ? "an ace" : observation[1]}\n`;
  },
  dynamics: (count) => new BlackjackDynamics(count),
});
