import type { BookEntry } from '../../../hardware/sim/zvt-terminal/book.ts';
import type { TerminalView } from '../../state.ts';

/** What the terminal itself has booked: the truth that a kiosk's own books are compared with. */
export function Book({ terminal }: { readonly terminal: TerminalView }) {
  const { book, booked } = terminal;
  return (
    <div className="book">
      <div className="tray-head">
        <h2>Book</h2>
        <span className="count">{booked}</span>
      </div>
      {book.length === 0 ? (
        <p className="empty">The terminal has booked nothing yet.</p>
      ) : (
        <div className="book-scroll">
          <table aria-label="Transactions">
            <thead>
              <tr><th scope="col">Receipt</th><th scope="col">Time</th><th scope="col" className="number">Amount</th><th scope="col">State</th></tr>
            </thead>
            <tbody>{book.map((entry) => <Transaction key={entry.receiptNumber} entry={entry} />)}</tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function Transaction({ entry }: { readonly entry: BookEntry }) {
  const { receiptNumber, time, state, reason, resultCode } = entry;
  return (
    <tr>
      <td>{receiptNumber}</td>
      <td>{new Date(time).toLocaleTimeString('en-GB')}</td>
      <td className="number">{money(entry)}</td>
      <td><span className="booked" data-state={state} title={reason ?? (state === 'declined' ? `result code ${resultCode}` : undefined)}>{state}</span></td>
    </tr>
  );
}

/** @param amount minor units; the currency is an ISO 4217 number */
function money({ amount, currency }: Pick<BookEntry, 'amount' | 'currency'>): string {
  const symbol = { '0156': '¥', '0978': '€' }[currency] ?? `${currency} `;
  return `${symbol}${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
}
