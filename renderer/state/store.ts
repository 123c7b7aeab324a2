import { cartIdSchema, uuidV7From } from '../../domain/ids.ts';
import type { Action, Effect } from './action.ts';
import type { KioskClient } from './kiosk-client.ts';
import type { Model } from './model.ts';
import { hasOrder, noModel } from './model.ts';
import { wantsScanner } from './scanned.ts';
import { step } from './step.ts';

export interface Store {
  getModel(): Model;
  dispatch(action: Action): void;
  subscribe(listener: () => void): () => void;
}

export interface StoreDeps {
  readonly client: KioskClient;
  readonly now: () => number;
  readonly monotonicNow: () => number;
  /** So many random bytes. */
  readonly random: (count: number) => Uint8Array;
}

/** Core that could not be opened is asked again after this. */
const openAgainMs = 2000;

/** Holds the model, takes one step at a time, and carries out what each step asks of core. */
export function createStore({ client, now, monotonicNow, random }: StoreDeps): Store {
  let model = noModel;
  /** What core has been told. A core that was started anew has been told nothing. */
  let scannerWanted = false;
  let visitTold = false;
  const listeners = new Set<() => void>();

  function dispatch(action: Action): void {
    const at = now();
    const next = step(model, action, { cartId: cartIdSchema.parse(uuidV7From(at, random(10))), now: at, monotonicMs: monotonicNow() });
    const changed = next.model !== model;
    model = next.model;
    for (const effect of next.effects) void carryOut(effect);
    if (action.kind === 'connected') scannerWanted = visitTold = false;
    if (wantsScanner(model) !== scannerWanted) {
      scannerWanted = !scannerWanted;
      void client.request('wantScanner', { wanted: scannerWanted });
    }
    if ((model.visit !== undefined) !== visitTold) {
      visitTold = !visitTold;
      void client.request('visit', { active: visitTold });
    }
    if (changed) for (const listener of listeners) listener();
  }

  async function carryOut(effect: Effect): Promise<void> {
    switch (effect.kind) {
      case 'open': {
        const stage = model.visit?.stage;
        const result = await client.request('open', stage && hasOrder(stage) ? { watching: stage.order.id } : {});
        if (!result.ok) setTimeout(() => model.core === 'connecting' && void carryOut(effect), openAgainMs);
        return dispatch({ kind: 'opened', result });
      }
      case 'place': {
        const { kind: _, ...params } = effect;
        return dispatch({ kind: 'placed', cartId: effect.cart.id, result: await client.request('place', params) });
      }
      case 'pay':
        return dispatch({ kind: 'pay_answered', orderId: effect.orderId, result: await client.request('pay', { orderId: effect.orderId, tender: effect.tender }) });
      case 'look_up_number': {
        const { kind: _, ...params } = effect;
        return dispatch({ kind: 'number_answered', ...params, result: await client.request('lookUpNumber', params) });
      }
      case 'cancel_payment':
        // Its answer says no more than the order's events do.
        await client.request('cancelPayment', { orderId: effect.orderId });
        return;
      case 'cancel_order':
        return dispatch({ kind: 'order_cancelled', orderId: effect.orderId, result: await client.request('cancelOrder', { orderId: effect.orderId }) });
      case 'call_help':
        return dispatch({ kind: 'help_answered', result: await client.request('callHelp', { screen: effect.screen }) });
      case 'end_help':
        await client.request('endHelp', {});
        return;
      case 'feedback': {
        const { kind: _, words, ...params } = effect;
        await client.request('feedback', { ...params, chips: [...params.chips], ...(words === undefined ? {} : { words }) });
        return;
      }
      case 'leave':
        await client.request('leave', {});
        return;
      case 'staff_leave':
        await client.request('staff.logout', {});
        return;
    }
  }

  client.onEvent((event) => dispatch({ kind: 'told', event }));
  return {
    getModel: () => model,
    dispatch,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
