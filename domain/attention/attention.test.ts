import { expect, test } from 'vitest';
import { attentionKinds, decisionsFor, mayDecide } from './attention.ts';

test('each thing on the list has decisions of its own, and takes no other', () => {
  for (const kind of attentionKinds) {
    for (const other of attentionKinds) {
      for (const decision of decisionsFor[other]) expect(mayDecide(kind, decision), `${kind}: ${decision}`).toBe(kind === other);
    }
  }
});
