/** What may be wrong with bytes from a terminal. `detail` holds positions and tags, never the bytes themselves: they may be card data. */
export type ZvtError =
  /** Fewer bytes than the length field announces. */
  | { readonly kind: 'incomplete'; readonly detail: string }
  /** More bytes than the length field announces. */
  | { readonly kind: 'wrong_length'; readonly detail: string }
  /** A control field (CLASS INSTR) that this codec does not know; answered 84 83 00. */
  | { readonly kind: 'unknown_message'; readonly control: number; readonly detail: string }
  /** A field whose length nobody can know; answered 84 83 00. */
  | { readonly kind: 'unknown_bmp'; readonly bmp: number; readonly detail: string }
  | { readonly kind: 'malformed_field'; readonly bmp: number; readonly detail: string };
