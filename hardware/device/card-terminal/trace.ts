/**
 * What a technician reads to see what happened on the line. Only names, codes and numbers of the protocol stand in it:
 * whoever makes one of these never has card data at hand, because the codec has masked or dropped it.
 */
export type CardTerminalTrace =
  | { readonly kind: 'state'; readonly state: string; readonly detail?: string }
  | { readonly kind: 'sent'; readonly message: string; readonly repeat: number }
  | { readonly kind: 'received'; readonly message: string }
  | { readonly kind: 'fault'; readonly detail: string };

export type TraceListener = (event: CardTerminalTrace) => void;
