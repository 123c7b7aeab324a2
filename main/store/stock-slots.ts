import type { Database } from 'better-sqlite3';
import { documentSchemas } from '../../domain/contract/hq-down.ts';

/**
 * Where a slot stands in the planogram that HQ has in force; what lies in none of it comes last. What nobody has placed yet counts as its offer's first slot,
 * where staff sees it, too. The document is read only where two lots have the same day, and once for each revision.
 */
export function createSlotOrder(database: Database): (offerId: string) => (slot: string | null) => number {
  const inForce = database.prepare<[], { sha256: string }>("SELECT sha256 FROM documents WHERE kind = 'planogram' AND place = 'applied'");
  const textOf = database.prepare<[], { text: string }>("SELECT text FROM documents WHERE kind = 'planogram' AND place = 'applied'");
  let known: { readonly sha256: string; readonly slots: readonly { readonly slot: string; readonly offerId: string }[] } | undefined;

  return (offerId) => {
    const sha256 = inForce.get()?.sha256;
    if (sha256 !== known?.sha256) known = sha256 === undefined ? undefined : { sha256, slots: slotsIn(textOf.get()!.text) };
    const slots = known?.slots ?? [];
    return (slot) => {
      const at = slots.findIndex((candidate) => (slot === null ? candidate.offerId === offerId : candidate.slot === slot));
      return at < 0 ? slots.length : at;
    };
  };
}

/** What an older Counter24 let pass and this one does not orders nothing. */
function slotsIn(text: string): readonly { readonly slot: string; readonly offerId: string }[] {
  try {
    const read = documentSchemas.planogram.safeParse(JSON.parse(text));
    return read.success ? read.data.slots : [];
  } catch {
    return [];
  }
}
