import { expect, test } from 'vitest';
import type { AttentionKind } from './attention.ts';
import { attentionKinds, decisionsFor, mayDecide } from './attention.ts';

test('each thing on the list has decisions of its own, and takes no other', () => {
  const parts: readonly AttentionKind[] = ['service_refused', 'refund_refused'];
  for (const kind of attentionKinds) {
    for (const other of attentionKinds) {
      // Whichever part it is that was to go back: a person has given it, or has settled it in another way.
      const isAlike = kind === other || (parts.includes(kind) && parts.includes(other));
      for (const decision of decisionsFor[other]) expect(mayDecide(kind, decision), `${kind}: ${decision}`).toBe(isAlike);
    }
  }
});
