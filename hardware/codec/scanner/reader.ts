/** Why what came is no code. It is never said what came: it may be a payment code that a single bit has spoiled. */
export type RefusedReason = 'too_long' | 'control_character' | 'not_in_character_set' | 'torn' | 'broken_packet';

export type ReaderEvent =
  | { readonly kind: 'code'; readonly text: string }
  /** Told once for everything that comes until the line is quiet. */
  | { readonly kind: 'refused'; readonly reason: RefusedReason }
  /** The scanner answers a command of ours: taken, or refused. */
  | { readonly kind: 'answer'; readonly taken: boolean }
  /** The scanner waits for these bytes. */
  | { readonly kind: 'owed'; readonly bytes: Uint8Array };

/** Bytes of a scanner, in any split, to codes. It has no clock: whoever reads the line tells it of silence. */
export interface CodeReader {
  push(bytes: Uint8Array): ReaderEvent[];
  /** Nothing has come for so long that whatever comes next is something new. */
  silence(): ReaderEvent[];
  /** Something has begun that silence would end. */
  isPending(): boolean;
  /** The line was lost: what had begun is forgotten. */
  reset(): void;
}
