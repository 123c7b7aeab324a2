import type { PrinterView } from '../../state.ts';

/** Finished slips, newest first. */
export function Tray({ printer }: { readonly printer: PrinterView }) {
  const { tray, slips, faults, faultCount } = printer;
  return (
    <div className="tray">
      <div className="tray-head">
        <h2>Slips</h2>
        <span className="count">{slips}</span>
      </div>
      {faultCount > 0 && (
        <details className="faults">
          <summary>{faultCount === 1 ? 'One thing' : `${faultCount} things`} the printer did not understand</summary>
          <ul>{faults.map((fault, index) => <li key={faultCount - index}>{fault}</li>)}</ul>
        </details>
      )}
      {tray.length === 0 ? (
        <p className="empty">{slips === 0 ? 'Receipts land here, newest on top.' : 'All slips are torn off.'}</p>
      ) : (
        <ol className="slips" aria-label="Printed slips" tabIndex={0}>
          {tray.map(({ id, index }) => (
            <li key={id} className="slip">
              <img src={`/api/slips/${index}.svg?slip=${id}`} alt={`Slip ${index + 1}`} width="640" />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
