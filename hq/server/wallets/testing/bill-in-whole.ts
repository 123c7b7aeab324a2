import type { BillLine, BillPiece, WalletGateway } from '../gateway.ts';

type Bill = Awaited<ReturnType<WalletGateway['bill']>>;

/** All pieces of a book put together, as whoever takes it must: one that is unknown makes the whole of it unknown. */
export async function billInWhole(bill: Bill): Promise<Exclude<Bill, { kind: 'lines' }> | { readonly kind: 'lines'; readonly lines: readonly BillLine[] }> {
  return bill.kind === 'lines' ? linesInWhole(bill.pieces) : bill;
}

export async function linesInWhole(pieces: AsyncIterable<BillPiece> | Iterable<BillPiece>) {
  const lines: BillLine[] = [];
  for await (const piece of pieces) {
    if ('kind' in piece) return piece;
    lines.push(...piece);
  }
  return { kind: 'lines', lines } as const;
}
