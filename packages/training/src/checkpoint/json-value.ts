/** Plain data: what JSON holds, with every number of a double, also NaN, the infinities and −0. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };
