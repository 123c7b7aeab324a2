import net from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * The line between one HQ process and PostgreSQL, read as PostgreSQL's protocol (version 3, chapter "Message Formats" of its manual): it knows whether anything is
 * under way, and what each transaction writes; and it can be cut before a commit leaves, or after it was done and before HQ hears of it.
 */
export interface DatabaseLine {
  readonly url: string;
  isBusy(): boolean;
  /** Something was written by a statement or transaction that is done. */
  onWritten(listener: () => void): void;
  /** Nothing is under way any more, on one of its connections. */
  onQuiet(listener: () => void): void;
  /** Now, both ends. */
  cut(): void;
  close(): void;
}

/** A transaction that is about to be committed, by what it writes. */
export type OnCommit = (label: string, when: 'before' | 'after') => boolean;

/** By the statements that make each step; the first that fits. */
const labels: readonly (readonly [string, RegExp])[] = [
  ['begin payment', /insert into wallet_payments \(kiosk_id, attempt_id, wallet, order_id/],
  ['want no payment', /insert into wallet_payments \(kiosk_id, attempt_id, wallet, state/],
  ['claim payment', /update wallet_payments set turns = turns \+ 1, claimed_until/],
  ['record payment', /update wallet_payments set state = \$\d+, next_at/],
  ['ask refund', /insert into wallet_refunds/],
  ['claim refund', /update wallet_refunds set turns = turns \+ 1/],
  ['record refund', /update wallet_refunds set (state|detail)/],
  ['claim service', /update service_work set state = \$\d+, provider = \$\d+, turns/],
  ['record service', /update service_work set state = \$\d+, (reference|detail)/],
  ['take events', /insert into events|update lanes/],
];

export async function createDatabaseLine(realUrl: string, onCommit: OnCommit): Promise<DatabaseLine> {
  const target = new URL(realUrl);
  const pairs = new Set<{ readonly near: net.Socket; readonly far: net.Socket; isBusy: boolean }>();
  const listeners: (() => void)[] = [];
  const quiet: (() => void)[] = [];
  let isCut = false;

  function cut(): void {
    isCut = true;
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
    server.close();
  }

  const server = net.createServer((near) => {
    if (isCut) return void near.destroy();
    const far = net.connect(Number(target.port), target.hostname);
    const pair = { near, far, isBusy: true };
    pairs.add(pair);
    const names = new Map<string, string>();
    let texts: string[] = [];
    let committing: string | undefined;
    let open = 1;
    let hasWritten = false;
    /** In no transaction. */
    let isIdle = true;
    const forget = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on('error', forget).on('close', forget);
    near.setNoDelay(true);
    far.setNoDelay(true);

    const fromHq = createReader(true, (type, body) => {
      if (type === 'P') {
        const [name = '', text = ''] = body.toString('utf8').split('\0');
        names.set(name, text);
        if (name === '') note(text);
      } else if (type === 'B') {
        const name = body.toString('utf8').split('\0')[1] ?? '';
        if (name !== '') note(names.get(name) ?? '');
      } else if (type === 'Q') {
        note(body.toString('utf8').split('\0')[0] ?? '');
        open += 1;
      } else if (type === 'S') open += 1;
    });
    function note(text: string): void {
      const words = text.trim().toLowerCase();
      if (words.startsWith('begin')) texts = [];
      else if (words.startsWith('commit')) committing = labels.find(([, pattern]) => texts.some((one) => pattern.test(one)))?.[0] ?? '';
      else texts.push(words.replace(/\s+/g, ' '));
    }
    const fromDatabase = createReader(false, (type, body) => {
      if (type === 'C' && /^(INSERT 0|UPDATE|DELETE) [1-9]/.test(body.toString('latin1'))) hasWritten = true;
      if (type !== 'Z') return;
      isIdle = body.toString('latin1') === 'I';
      open = Math.max(0, open - 1);
      pair.isBusy = open > 0;
    });

    near.on('data', (chunk: Buffer) => {
      pair.isBusy = true;
      fromHq(chunk);
      if (committing !== undefined && committing !== '' && onCommit(committing, 'before')) return cut();
      far.write(chunk);
    });
    far.on('data', (chunk: Buffer) => {
      fromDatabase(chunk);
      if (!pair.isBusy && committing !== undefined) {
        const label = committing;
        committing = undefined;
        if (label !== '' && onCommit(label, 'after')) return cut();
      }
      near.write(chunk);
      if (!pair.isBusy) for (const listener of quiet) listener();
      if (!pair.isBusy && isIdle && hasWritten) {
        hasWritten = false;
        for (const listener of listeners) listener();
      }
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = new URL(realUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    isBusy: () => [...pairs].some((pair) => pair.isBusy),
    onWritten: (listener) => void listeners.push(listener),
    onQuiet: (listener) => void quiet.push(listener),
    cut,
    close: cut,
  };
}

/** Whole messages out of a stream: a type (none in the first of a client's), four bytes of length, and the rest. */
function createReader(isClient: boolean, onMessage: (type: string, body: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let hasType = !isClient;
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const head = hasType ? 1 : 0;
      if (rest.length < head + 4) return;
      const length = rest.readInt32BE(head);
      if (rest.length < head + length) return;
      if (hasType) onMessage(String.fromCharCode(rest[0]!), rest.subarray(5, 1 + length));
      hasType = true;
      rest = rest.subarray(head + length);
    }
  };
}
