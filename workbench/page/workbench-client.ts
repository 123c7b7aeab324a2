import type { PrinterAction, ScannerAction, TerminalAction } from '../actions.ts';
import type { WorkbenchState } from '../state.ts';

/** What the window knows of the workbench. */
export interface Seen {
  readonly state: WorkbenchState | undefined;
  /** False while the process is away; what is shown is then what was last known. */
  readonly isConnected: boolean;
  /** Why the last button did nothing. */
  readonly notice: string | undefined;
}

export interface WorkbenchClient {
  seen(): Seen;
  subscribe(listener: () => void): () => void;
  pushPrinter(action: PrinterAction): void;
  pushTerminal(action: TerminalAction): void;
  pushScanner(action: ScannerAction): void;
  /** The text of a fault script, as somebody has written it. */
  loadScript(device: 'printer' | 'terminal', text: string): void;
}

const noticeShownMs = 4000;

export function createWorkbenchClient(): WorkbenchClient {
  const listeners = new Set<() => void>();
  let seen: Seen = { state: undefined, isConnected: false, notice: undefined };
  let forgetNotice: number | undefined;

  const events = new EventSource('/api/events');
  // It connects again by itself, and is then told the whole state.
  events.onerror = () => become({ isConnected: false });
  events.onmessage = ({ data }: MessageEvent<string>) => become({ isConnected: true, state: JSON.parse(data) as WorkbenchState });

  return {
    seen: () => seen,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    pushPrinter: (action) => void post('/api/printer', { action }),
    pushTerminal: (action) => void post('/api/terminal', { action }),
    pushScanner: (action) => void post('/api/scanner', action),
    loadScript(device, text) {
      try {
        void post(`/api/${device}/script`, { script: JSON.parse(text) as unknown });
      } catch (cause) {
        tell(`the script is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
      }
    },
  };

  async function post(address: string, body: unknown): Promise<void> {
    try {
      const answer = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      if (!answer.ok) tell(((await answer.json()) as { error: string }).error);
    } catch {
      tell('the workbench does not answer');
    }
  }

  function tell(notice: string): void {
    clearTimeout(forgetNotice);
    forgetNotice = window.setTimeout(() => become({ notice: undefined }), noticeShownMs);
    become({ notice });
  }

  function become(part: Partial<Seen>): void {
    seen = { ...seen, ...part };
    for (const listener of listeners) listener();
  }
}
