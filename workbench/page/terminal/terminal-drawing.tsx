import type { TerminalView } from '../../state.ts';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** The device with its own display, a card lying beside it, and the cable that it is at. */
export function TerminalDrawing({ terminal }: { readonly terminal: TerminalView }) {
  const { state, display, cable } = terminal;
  const [amount = '', chinese = ''] = display.zh;
  return (
    <div className="terminal-place" data-state={state} data-cable={cable}>
      <svg className="terminal-cable" viewBox="0 0 120 60" aria-hidden="true">
        <path d="M60 -4V20" className="cable-wire" />
        <g className="terminal-plug">
          <rect x="50" y="18" width="20" height="20" rx="4" className="cable-plug" />
          <rect x="55" y="37" width="10" height="9" className="cable-tip" />
        </g>
      </svg>
      <div className="terminal">
        <div className="terminal-lights" aria-hidden="true"><i /><i /><i /><i /></div>
        <div className="lcd" role="status" aria-label="Terminal display">
          <span className="lcd-amount">{amount}</span>
          <span className="lcd-zh" lang="zh">{chinese}</span>
          <span className="lcd-en">{display.en[1]}</span>
        </div>
        <div className="keypad" aria-hidden="true">
          {keys.map((key) => <b key={key}>{key}</b>)}
          <b className="key-red">✕</b>
          <b className="key-yellow">‹</b>
          <b className="key-green">○</b>
        </div>
        <div className="card-slot" aria-hidden="true" />
      </div>
      <div className="card" aria-hidden="true">
        <span className="card-chip" />
        <span className="card-waves">)))</span>
        <span className="card-number">6222 02•• •••• 1234</span>
        <span className="card-brand">UnionPay</span>
      </div>
    </div>
  );
}
