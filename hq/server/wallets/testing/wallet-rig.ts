import { randomBytes } from 'node:crypto';
import { uuidV7From } from '../../../../domain/ids.ts';
import type { KioskId } from '../../../../domain/ids.ts';
import { money } from '../../../../domain/money.ts';
import type { WalletMode } from '../../../../domain/payment/tender.ts';
import type { BeginRequest } from '../begin.ts';

export const weChatCode = '134567890123456789';

export function newId(at: number): string {
  return uuidV7From(at, randomBytes(10));
}

/** A kiosk's first word of a payment. */
export function beginRequest(kioskId: KioskId, at: number, mode: WalletMode = 'shown', amount = 1250): BeginRequest {
  return {
    act: 'begin', kioskId, attemptId: newId(at) as BeginRequest['attemptId'], wallet: 'wechat', orderId: newId(at) as BeginRequest['orderId'], orderNumber: 'A012', amount: money(amount, 'CNY'), mode,
    ...(mode === 'read' ? { code: weChatCode } : {}), title: 'Counter24 A012', validMs: 120_000,
  };
}
