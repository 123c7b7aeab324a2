/** The one error of this codec. `detail` never carries what the line said: it may be noise, or name a card. */
export interface QibixxError {
  readonly kind: 'unreadable';
  readonly reason:
    /** No line end for longer than any line of this protocol is. */
    | 'too_long'
    /** A byte that is no printable ASCII: noise, or a wrong baud rate. */
    | 'not_text'
    /** A line of another device or a newer firmware. */
    | 'unknown'
    /** A line that we know, with a field that cannot be. */
    | 'malformed'
    /** An amount that the reader's scale cannot say. */
    | 'amount';
  readonly detail: string;
}

export function unreadable(reason: QibixxError['reason'], detail: string): QibixxError {
  return { kind: 'unreadable', reason, detail };
}
