/** A value that JSON holds without loss: what states and spaces are saved as. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined };
