import { describe, expect, it } from 'vitest';
import type { Port } from './kiosk-client.ts';
import { createKioskClient } from './kiosk-client.ts';

/** A port whose other end is the test. */
function testPort() {
  const sent: { id: number; method: string }[] = [];
  let hear: (event: { data: unknown }) => void = () => {};
  const port: Port = {
    postMessage: (message) => void sent.push(message as (typeof sent)[number]),
    addEventListener: (_, listener) => void (hear = listener),
    start: () => {},
    close: () => {},
  };
  return { port, sent, say: (data: unknown) => hear({ data }) };
}

const status = { service: { kind: 'in_service' }, card: 'ready', wallets: [], paper: 'ready', hq: 'ready', speech: 'ready' };

describe('the client of core', () => {
  it('gives each answer to its own request, in whatever order they come', async () => {
    const { port, sent, say } = testPort();
    const client = createKioskClient(port);
    const opened = client.request('open', {});
    const left = client.request('leave', {});
    say({ kind: 'response', id: sent[1]!.id, result: { ok: true, value: {} } });
    say({ kind: 'response', id: sent[0]!.id, result: { ok: true, value: { status } } });
    expect(await left).toEqual({ ok: true, value: {} });
    expect(await opened).toEqual({ ok: true, value: { status } });
  });

  it('turns an answer that breaks the contract into an error value', async () => {
    const { port, sent, say } = testPort();
    const client = createKioskClient(port);
    const opened = client.request('open', {});
    say({ kind: 'response', id: sent[0]!.id, result: { ok: true, value: { status: 'fine' } } });
    expect(await opened).toMatchObject({ ok: false, error: { code: 'CONTRACT_MALFORMED' } });
  });

  it('answers what was under way with an error when a new core comes, and listens to that one alone', async () => {
    const old = testPort();
    const fresh = testPort();
    const client = createKioskClient(old.port);
    const heard: string[] = [];
    client.onEvent(({ name }) => void heard.push(name));
    const opened = client.request('open', {});
    client.replacePort(fresh.port);
    expect(await opened).toMatchObject({ ok: false });
    old.say({ kind: 'event', name: 'status', payload: status });
    fresh.say({ kind: 'event', name: 'status', payload: status });
    expect(heard).toEqual(['status']);
  });

  it('answers with an error when core keeps silent', async () => {
    const client = createKioskClient(testPort().port, { requestTimeoutMs: 5 });
    expect(await client.request('open', {})).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
  });

  it('reports rubbish and unknown events, and goes on', () => {
    const { port, say } = testPort();
    const reports: string[] = [];
    const client = createKioskClient(port, { onMalformed: (detail) => void reports.push(detail) });
    const heard: string[] = [];
    client.onEvent(({ name }) => void heard.push(name));
    for (const rubbish of [undefined, 'x', { kind: 'event', name: 'toString', payload: {} }, { kind: 'event', name: 'order', payload: {} }]) say(rubbish);
    say({ kind: 'event', name: 'status', payload: status });
    expect(reports).toHaveLength(4);
    expect(heard).toEqual(['status']);
  });
});
