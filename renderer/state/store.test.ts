import { expect, it } from 'vitest';
import type { Answer } from '../../domain/contract/kiosk.ts';
import { ok } from '../../domain/result.ts';
import type { Port } from './kiosk-client.ts';
import { createKioskClient } from './kiosk-client.ts';
import { createStore } from './store.ts';
import { shopfrontOf, status } from './testing/shop-rig.ts';

const opened: Answer<'open'> = { status, shopfront: shopfrontOf() };

/** The far end of a port: answers what it is asked, and remembers whether the scanner is wanted, and whether somebody is there. */
function core() {
  const wishes: boolean[] = [];
  const visits: boolean[] = [];
  let hear: (event: { data: unknown }) => void = () => {};
  const port: Port = {
    postMessage(message) {
      const { id, method, params } = message as { id: number; method: string; params: { wanted: boolean; active: boolean } };
      if (method === 'visit') visits.push(params.active);
      if (method === 'wantScanner') wishes.push(params.wanted);
      queueMicrotask(() => hear({ data: { kind: 'response', id, result: ok(method === 'open' ? opened : {}) } }));
    },
    addEventListener: (_type, listener) => (hear = listener),
    start: () => {},
    close: () => {},
  };
  return { port, wishes, visits, tell: (name: string, payload: unknown) => hear({ data: { kind: 'event', name, payload } }) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('core is told whether the scanner is of use, once for each change, and anew after it was restarted', async () => {
  const first = core();
  const client = createKioskClient(first.port);
  const store = createStore({ client, now: () => 1_700_000_000_000, monotonicNow: () => 0, random: (count) => new Uint8Array(count) });
  store.dispatch({ kind: 'connected' });
  await settled();
  expect(first.wishes).toEqual([true]);
  first.tell('scanned', { kind: 'offer', offerId: 'cola' });
  expect(store.getModel().visit?.cart.lines).toMatchObject([{ offerId: 'cola', quantity: 1 }]);
  store.dispatch({ kind: 'home_opened' });
  store.dispatch({ kind: 'offer_opened', offerId: 'top-up-50' });
  store.dispatch({ kind: 'field_typed', fieldId: 'phone', value: '139' });
  store.dispatch({ kind: 'sheet_closed' });
  expect(first.wishes).toEqual([true, false, true]);

  const second = core();
  client.replacePort(second.port);
  store.dispatch({ kind: 'connected' });
  await settled();
  expect([first.wishes, second.wishes]).toEqual([[true, false, true], [true]]);
});

it('core is told whether somebody is there, once for each change, and anew after it was restarted', async () => {
  const first = core();
  const client = createKioskClient(first.port);
  const store = createStore({ client, now: () => 1_700_000_000_000, monotonicNow: () => 0, random: (count) => new Uint8Array(count) });
  store.dispatch({ kind: 'connected' });
  await settled();
  expect(first.visits).toEqual([]);
  store.dispatch({ kind: 'touched' });
  store.dispatch({ kind: 'language_chosen', language: 'en' });
  store.dispatch({ kind: 'idle_ended' });
  store.dispatch({ kind: 'touched' });
  expect(first.visits).toEqual([true, false, true]);

  const second = core();
  client.replacePort(second.port);
  store.dispatch({ kind: 'connected' });
  await settled();
  store.dispatch({ kind: 'idle_ended' });
  expect([first.visits, second.visits]).toEqual([[true, false, true], [true, false]]);
});
