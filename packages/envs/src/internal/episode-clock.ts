import type { JsonValue } from "../json.js";
import { readCounts, savedNumbers } from "./saved.js";

/** How far the episodes of N environments are: which are under way, and for how many steps. */
export class EpisodeClock {
  /** Steps of each environment's present episode. */
  readonly elapsed: Float64Array;
  /** 1 where the episode is over and the next has not begun. */
  readonly ended: Uint8Array;
  /** 1 where an episode is under way: the contrary of {@link ended}. */
  readonly active: Uint8Array;

  constructor(count: number) {
    this.elapsed = new Float64Array(count);
    this.ended = new Uint8Array(count).fill(1);
    this.active = new Uint8Array(count);
  }

  begin(index: number): void {
    this.set(index, 0, 0);
  }

  end(index: number): void {
    this.set(index, 0, 1);
  }

  /** Index of the first environment whose episode is over, or −1. */
  firstEnded(): number {
    return this.ended.indexOf(1);
  }

  save(): { readonly elapsed: JsonValue; readonly ended: JsonValue } {
    return { elapsed: savedNumbers(this.elapsed), ended: savedNumbers(this.ended) };
  }

  /**
   * What {@link save} wrote, as a call that puts it in place.
   *
   * @param mostSteps - Steps that an episode under way can have.
   * @param mayHaveEnded - Whether an episode may be over.
   * @throws FormatError where it is damaged, or of another number of environments.
   */
  read(fields: Readonly<Record<string, JsonValue>>, mostSteps: number, mayHaveEnded: boolean): () => void {
    const count = this.elapsed.length;
    const most = Math.min(mostSteps, Number.MAX_SAFE_INTEGER);
    const elapsed = readCounts("state.elapsed", fields["elapsed"], count, most);
    const ended = readCounts("state.ended", fields["ended"], count, mayHaveEnded ? 1 : 0);
    return () => {
      elapsed.forEach((steps, index) => this.set(index, steps, ended[index]));
    };
  }

  private set(index: number, elapsed: number, ended: number): void {
    this.elapsed[index] = elapsed;
    this.ended[index] = ended;
    this.active[index] = 1 - ended;
  }
}
