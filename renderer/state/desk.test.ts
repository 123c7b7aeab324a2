import { describe, expect, it } from 'vitest';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import { money } from '../../domain/money.ts';
import { ok } from '../../domain/result.ts';
import type { Action } from './action.ts';
import { canOpenDesk } from './desk.ts';
import type { Model } from './model.ts';
import { noModel, screenOf } from './model.ts';
import { idleRule } from './idle.ts';
import { wantsScanner } from './scanned.ts';
import { createTake, openPage, orderView, shopfrontOf, status } from './testing/shop-rig.ts';

const take = createTake();
const idle = openPage(take);
const card: Action = { kind: 'told', event: { name: 'staff_card', payload: {} } };
const desk = take(idle, { kind: 'staff_opened' }).model;
const asking = take(idle, { kind: 'touched' }).model;
const home = take(asking, { kind: 'language_chosen', language: 'en' }).model;
const service = (part: KioskStatus['service']): Action => ({ kind: 'told', event: { name: 'status', payload: { ...status, service: part } } });
const paused = take(idle, service({ kind: 'paused' })).model;
const out = take(idle, service({ kind: 'out_of_service', reason: { code: 'STORE_FAILED', detail: '' } })).model;

describe("the staff's part", () => {
  it.each([['attract', idle], ['the language', asking], ['a pause', paused], ['out of service', out], ['a start', noModel]])('opens from %s, and then no visit exists', (_, model) => {
    const { model: next } = take(model, { kind: 'staff_opened' });
    expect([screenOf(next).kind, next.visit]).toEqual(['staff', undefined]);
  });

  it('does not open over a customer who has begun, neither by the corner nor by a card', () => {
    const help = take(asking, { kind: 'help_opened' }).model;
    for (const model of [home, help]) {
      expect(canOpenDesk(model)).toBe(false);
      expect(take(model, { kind: 'staff_opened' }).model).toBe(model);
      expect(take(model, card).model).toMatchObject({ desk: undefined, visit: { stage: model.visit?.stage } });
    }
    expect(take(home, card).model.notice?.kind).toBe('staff_card');
  });

  it('opens by a card, and counts further ones', () => {
    const { model } = take(idle, card);
    expect(model.desk?.cards).toBe(1);
    expect(take(model, card).model.desk?.cards).toBe(2);
  });

  it('lets no visit begin beside it, whatever is touched, plugged in or scanned', () => {
    const scan: Action = { kind: 'told', event: { name: 'scanned', payload: { kind: 'offer', offerId: shopfrontOf().catalogue.offers[0]!.id } } };
    const { model, effects } = take(desk, { kind: 'touched' }, { kind: 'speech_switched', on: true }, scan);
    expect([model.visit, model.notice, effects]).toEqual([undefined, undefined, []]);
  });

  it('wants the scanner lit, and is left alone by the customers’ idle clock', () => {
    expect(wantsScanner(desk)).toBe(true);
    expect(idleRule(desk)).toEqual({ kind: 'wait' });
  });

  it('stays open when the kiosk goes out of service, and when core is made anew', () => {
    expect(screenOf(take(desk, service({ kind: 'out_of_service', reason: { code: 'DISK_FULL', detail: '' } })).model).kind).toBe('staff');
    const { model } = take(desk, { kind: 'connected' }, { kind: 'opened', result: ok({ status, shopfront: shopfrontOf() }) });
    expect(screenOf(model).kind).toBe('staff');
  });

  it.each<[string, Action]>([['by its own button', { kind: 'staff_closed' }], ['by a bug of the page', { kind: 'idle_ended' }]])('closed %s, core is told that nobody is in', (_, action) => {
    const { model, effects } = take(desk, action);
    expect([screenOf(model).kind, effects]).toEqual(['attract', [{ kind: 'staff_leave' }]]);
  });

  it('makes way for a customer whose payment is still under way', () => {
    const order = orderView({ total: money(350, 'CNY'), payment: { kind: 'running', message: 'present_card', sinceMs: 0, cancelRequested: false } });
    const { model, effects } = take(desk, { kind: 'connected' }, { kind: 'opened', result: ok({ status, shopfront: shopfrontOf(), order }) });
    expect([screenOf(model).kind, model.desk]).toEqual(['pay', undefined]);
    expect(effects).toContainEqual({ kind: 'staff_leave' });
  });

  it('is shown as its users want it, and forgets that', () => {
    const { model } = take(desk, { kind: 'desk_changed', change: { language: 'en', textSize: 'large' } });
    expect(model.desk).toMatchObject({ language: 'en', textSize: 'large' });
    expect(take(model, { kind: 'staff_closed' }, { kind: 'staff_opened' }).model.desk).toEqual({ language: 'zh', textSize: 'normal', cards: 0 });
  });

  it('tells the customers’ model nothing of who is in', () => {
    const told: readonly Action[] = [
      { kind: 'told', event: { name: 'staff_out', payload: { reason: 'idle' } } },
      { kind: 'told', event: { name: 'staff_slot', payload: { slots: ['A1'] } } },
      { kind: 'told', event: { name: 'staff_scan', payload: { kind: 'qr', length: 9, shown: 'a…z' } } },
    ];
    const models: Model[] = [desk, home];
    for (const model of models) expect(take(model, ...told).model).toBe(model);
  });
});

