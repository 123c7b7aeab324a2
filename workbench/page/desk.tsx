import { useSyncExternalStore } from 'react';
import type { WorkbenchState } from '../state.ts';
import { PrinterPanel } from './printer/printer-panel.tsx';
import { ScannerPanel } from './scanner/scanner-panel.tsx';
import { TerminalPanel } from './terminal/terminal-panel.tsx';
import type { WorkbenchClient } from './workbench-client.ts';

export function Desk({ client }: { readonly client: WorkbenchClient }) {
  const { state, isConnected, notice } = useSyncExternalStore(client.subscribe, client.seen);
  return (
    <>
      <header className="bar">
        <h1>Workbench</h1>
        <p className="bar-note">Simulated devices at the far end of the kiosk's lines</p>
        <Connection isConnected={isConnected} state={state} />
      </header>
      {state && (
        <main className="desk" data-away={!isConnected}>
          <PrinterPanel printer={state.printer} push={client.pushPrinter} loadScript={(text) => client.loadScript('printer', text)} />
          <div className="desk-column">
            <TerminalPanel terminal={state.terminal} push={client.pushTerminal} loadScript={(text) => client.loadScript('terminal', text)} />
            <ScannerPanel scanner={state.scanner} push={client.pushScanner} />
          </div>
        </main>
      )}
      <p className="notice" role="status" data-shown={notice !== undefined}>
        {notice ?? ''}
      </p>
    </>
  );
}

function Connection({ isConnected, state }: { readonly isConnected: boolean; readonly state: WorkbenchState | undefined }) {
  if (!isConnected || state === undefined) return <p className="chip" data-tone="bad">Workbench is away</p>;
  const paths = `${state.printer.path}\n${state.terminal.path}`;
  if (state.lines === 'socket') return <p className="chip" data-tone="warn" title={paths}>Sockets: socat is missing</p>;
  return <p className="chip" data-tone="good" title={paths}>Serial lines</p>;
}
