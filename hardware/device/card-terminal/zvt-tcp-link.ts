import { createApduDecoder } from '../../codec/zvt/apdu-stream.ts';
import type { Transport } from '../../transport/transport.ts';
import { describeApdu } from './describe.ts';
import type { TerminalProfile } from './profiles.ts';
import type { TraceListener } from './trace.ts';
import type { SendResult, ZvtLink } from './zvt-link.ts';

export interface ZvtTcpLinkDeps {
  readonly transport: Transport;
  readonly profile: Pick<TerminalProfile, 't2Ms' | 't3Ms'>;
  readonly trace: TraceListener;
}

/**
 * ZVT over TCP (PA00P016, 4): the bare APDUs, without frames, ACK and repeats, because the stream is in order and whole.
 * What the socket has taken is `acknowledged`, but never `certain`: nobody says that the terminal has read it.
 */
export function createZvtTcpLink({ transport, profile, trace }: ZvtTcpLinkDeps): ZvtLink {
  const decoder = createApduDecoder();
  const listeners = new Set<(apdu: Uint8Array) => void>();
  let sending: Promise<unknown> = Promise.resolve();
  let restOverdue: NodeJS.Timeout | undefined;

  const stopData = transport.onData((bytes) => {
    clearTimeout(restOverdue);
    const { apdus, outOfStep } = decoder.push(bytes);
    for (const apdu of apdus) {
      trace({ kind: 'received', message: describeApdu(apdu) });
      for (const listener of listeners) listener(apdu);
    }
    if (outOfStep) hangUp('out of step: no APDU begins here');
    else if (decoder.isPending()) restOverdue = setTimeout(() => hangUp(`the rest of an APDU did not come within ${profile.t3Ms} ms`), profile.t3Ms);
  });

  return {
    send(apdu) {
      const sent = sending.then(() => sendNow(apdu));
      sending = sent;
      return sent;
    },
    onApdu(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset() {
      clearTimeout(restOverdue);
      decoder.reset();
    },
    close() {
      clearTimeout(restOverdue);
      stopData();
    },
  };

  async function sendNow(apdu: Uint8Array): Promise<SendResult> {
    trace({ kind: 'sent', message: describeApdu(apdu), repeat: 0 });
    const written = await transport.write(apdu, profile.t2Ms);
    if (written.ok) return { kind: 'acknowledged', certain: false };
    const detail = `${written.error.kind}: ${written.error.detail}`;
    if (written.error.kind === 'not_open') return { kind: 'not_sent', detail };
    // A part of it may be out: what came next would be read as the rest of it.
    hangUp(detail);
    return { kind: 'not_acknowledged', detail };
  }

  /** A stream that has lost its step finds it again only on a new connection; whoever waits notices by T3 or T4 that this one is gone. */
  function hangUp(detail: string): void {
    trace({ kind: 'fault', detail });
    clearTimeout(restOverdue);
    void transport.close();
  }
}
