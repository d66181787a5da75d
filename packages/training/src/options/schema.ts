import type { NumberRange } from "@uphill/core-math";
import type { Schedule } from "@uphill/nn";

/** What every option has, whatever its kind. */
interface Described<Value> {
  /** The value where none is given. */
  readonly default: Value;
  /** What the option does, in a phrase that starts with a small letter: `discount of future rewards`. */
  readonly meaning: string;
  /** The unit of its numbers, where they have one: `environment steps`, `nats`, `ms`. */
  readonly unit?: string;
}

/** What options have that may also be absent: `null` in code and JSON, `none` in text. */
interface Nullable {
  /** Whether it may be absent; false where left out. */
  readonly nullable?: boolean;
}

/** A finite number. */
export interface NumberOption extends Described<number | null>, Nullable {
  /** Tells the kinds apart. */
  readonly kind: "number";
  /** Bounds; none where left out. */
  readonly range?: NumberRange;
}

/** A whole number that a double holds exactly. */
export interface IntegerOption extends Described<number | null>, Nullable {
  /** Tells the kinds apart. */
  readonly kind: "integer";
  /** Bounds; none where left out. */
  readonly range?: NumberRange;
}

/** Yes or no; in text a flag, `--name` or `--no-name`. */
export interface BooleanOption extends Described<boolean> {
  /** Tells the kinds apart. */
  readonly kind: "boolean";
}

/** One of a few words. */
export interface ChoiceOption extends Described<string | null>, Nullable {
  /** Tells the kinds apart. */
  readonly kind: "choice";
  /** The words, in the order in which help lists them. */
  readonly choices: readonly string[];
}

/** A list of whole numbers, such as the widths of hidden layers; `64,64` in text, `none` where empty. */
export interface IntegersOption extends Described<readonly number[]> {
  /** Tells the kinds apart. */
  readonly kind: "integers";
  /** Bounds of each number; none where left out. */
  readonly range?: NumberRange;
}

/** A number that may change as training proceeds; the range holds at both ends. */
export interface ScheduleOption extends Described<Schedule | null>, Nullable {
  /** Tells the kinds apart. */
  readonly kind: "schedule";
  /** Bounds of every value that it takes; none where left out. */
  readonly range?: NumberRange;
}

/** Any text that is not empty. Where it may be absent, the text `none` means that. */
export interface TextOption extends Described<string | null>, Nullable {
  /** Tells the kinds apart. */
  readonly kind: "text";
}

/** One option, as data: its kind, what is allowed, its default, and what it means. */
export type OptionDefinition =
  NumberOption | IntegerOption | BooleanOption | ChoiceOption | IntegersOption | ScheduleOption | TextOption;

/** The options of an algorithm or a command by name, in the order in which help lists them. */
export type OptionSchema = Readonly<Record<string, OptionDefinition>>;

interface KindValue {
  number: number;
  integer: number;
  boolean: boolean;
  integers: readonly number[];
  schedule: Schedule;
  text: string;
}

/** The type of an option's values. */
export type OptionValue<D extends OptionDefinition> =
  | (D extends { kind: "choice"; choices: readonly (infer Choice)[] } ? Choice : never)
  | (D extends { kind: infer Kind extends keyof KindValue } ? KindValue[Kind] : never)
  | (D extends { nullable: true } ? null : never);

/** The options that a schema describes, all of them present: what {@link resolveOptions} returns. */
export type OptionsOf<S extends OptionSchema> = { readonly [Name in keyof S]: OptionValue<S[Name]> };

/** The options that a schema describes as a caller gives them: any of them, in any order. */
export type GivenOptions<S extends OptionSchema> = Partial<OptionsOf<S>>;

/**
 * Whether a public options type, written by hand, and a schema agree: `true`, or else the names on which they differ.
 * `true satisfies OptionsAgree<PpoOptions, typeof ppoOptions>` fails to compile as soon as one is changed alone.
 */
export type OptionsAgree<Options, S extends OptionSchema> =
  Disagreement<Required<Options>, OptionsOf<S>> extends never ? true : Disagreement<Required<Options>, OptionsOf<S>>;

type Disagreement<A, B> =
  | Exclude<keyof A, keyof B>
  | Exclude<keyof B, keyof A>
  | { [Name in keyof A & keyof B]: Same<A[Name], B[Name]> extends true ? never : Name }[keyof A & keyof B];

type Same<A, B> = [A, B] extends [B, A] ? true : false;
