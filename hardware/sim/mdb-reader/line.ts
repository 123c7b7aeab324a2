import type { Transport } from '../../transport/transport.ts';
import type { ScriptStep } from '../script/script.ts';

export interface ReaderLine {
  attach(transport: Transport): void;
  /** Lines leave in the order in which they were put. `name`: the moment's name of it. */
  put(text: string, name: string): void;
  /** Done to the next line out: what a script orders for later. */
  spoilNext(step: ScriptStep): void;
  setSilent(silent: boolean): void;
  isSilent(): boolean;
  /** A restart: what was to be sent, or half received, is gone. */
  reset(): void;
  close(): void;
}

export interface ReaderLineEvents {
  /** What is to be done with this line: `moment` of the script. */
  readonly moment: (name: string) => readonly ScriptStep[];
  readonly onLine: (text: string) => void;
  readonly onLost: () => void;
}

const writeTimeoutMs = 1_000;
const longestCommand = 80;

/** The interface's end of the line: text with CR LF, with the faults that a line has. */
export function createReaderLine({ moment, onLine, onLost }: ReaderLineEvents): ReaderLine {
  let transport: Transport | undefined;
  let detach = () => {};
  let silent = false;
  let resets = 0;
  let received = '';
  let outgoing: Promise<void> = Promise.resolve();
  let incoming: Promise<void> = Promise.resolve();
  const spoils: ScriptStep[] = [];
  const timers = new Map<NodeJS.Timeout, () => void>();

  return {
    attach(line) {
      detach();
      transport = line;
      const stopData = line.onData(take);
      const stopLost = line.onLost(() => {
        received = '';
        onLost();
      });
      detach = () => {
        stopData();
        stopLost();
      };
    },
    put(text, name) {
      const life = resets;
      outgoing = outgoing.then(() => (life === resets ? putNow(text, name, life) : undefined));
    },
    spoilNext: (step) => void spoils.push(step),
    setSilent(next) {
      silent = next;
      received = '';
    },
    isSilent: () => silent,
    reset,
    close() {
      reset();
      detach();
    },
  };

  function reset(): void {
    resets += 1;
    received = '';
    for (const [timer, resolve] of timers) {
      clearTimeout(timer);
      resolve();
    }
    timers.clear();
  }

  function take(bytes: Uint8Array): void {
    if (silent) return;
    for (const byte of bytes) {
      if (byte === 10) {
        const text = received.replace(/\r$/, '');
        received = '';
        const life = resets;
        if (text !== '') incoming = incoming.then(() => (life === resets ? takeNow(text, life) : undefined));
      } else if (received.length <= longestCommand) {
        received += String.fromCharCode(byte);
      }
    }
  }

  async function takeNow(text: string, life: number): Promise<void> {
    const steps = moment(`received ${nameOfCommand(text)}`);
    await hold(steps);
    if (life !== resets || silent || has(steps, 'drop')) return;
    onLine(has(steps, 'garble') ? turned(text, steps.find((step) => step.do === 'garble')?.value) : text);
    if (has(steps, 'double')) onLine(text);
  }

  async function putNow(text: string, name: string, life: number): Promise<void> {
    const steps = [...moment(`sending ${name}`), ...spoils.splice(0, 1)];
    await hold(steps);
    if (life !== resets) return;
    const noise = steps.find((step) => step.do === 'noise');
    if (noise) write(Uint8Array.from({ length: noise.value ?? 3 }, (_, index) => [0xff, 0x00, 0x55, 0x0d, 0x80][index % 5] ?? 0));
    const bytes = new TextEncoder().encode(`${has(steps, 'garble') ? turned(text, steps.find((step) => step.do === 'garble')?.value) : text}\r\n`);
    if (!has(steps, 'drop')) write(has(steps, 'cut') ? bytes.slice(0, bytes.length >> 1) : bytes);
    if (has(steps, 'double')) write(bytes);
    moment(`sent ${name}`);
  }

  async function hold(steps: readonly ScriptStep[]): Promise<void> {
    const delay = steps.find((step) => step.do === 'delay');
    if (!delay) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, delay.value ?? 1_000);
      timers.set(timer, resolve);
    });
  }

  function write(bytes: Uint8Array): void {
    if (!silent) void transport?.write(bytes, writeTimeoutMs);
  }
}

function has(steps: readonly ScriptStep[], action: string): boolean {
  return steps.some((step) => step.do === action);
}

/** One bit of one character turned. */
function turned(text: string, place = text.length >> 1): string {
  const at = place % text.length;
  return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
}

/** "D,REQ,12.50,1" is "D,REQ", but "D,REQ,-1" is another command. */
function nameOfCommand(text: string): string {
  return /^D,(REQ|END)(,(?!-1$).*)?$/.exec(text) ? text.slice(0, 5) : text;
}
