import type { Params } from '../../domain/contract/kiosk.ts';

/** What is asked of whoever wants to be let in. */
export type Field = 'number' | 'pin' | 'code';
export type Typed = Readonly<Record<Field, string>>;

export const noTyped: Typed = { number: '', pin: '', code: '' };

const most: Readonly<Record<Field, number>> = { number: 12, pin: 20, code: 6 };
const mostOfRecovery = 40;

/** A card is as good as a number. */
export function fieldsOf(card: boolean): readonly Field[] {
  return card ? ['pin', 'code'] : ['number', 'pin', 'code'];
}

/** As each field can hold it: digits, but for a recovery code, which is typed as it is printed. */
export function typeInto(typed: Typed, field: Field, text: string, recovery: boolean): Typed {
  if (field === 'code' && recovery) return { ...typed, code: text.replace(/[^0-9A-Za-z-]/g, '').toUpperCase().slice(0, mostOfRecovery) };
  return { ...typed, [field]: text.replace(/\D/g, '').slice(0, most[field]) };
}

function isFilled(typed: Typed, field: Field, recovery: boolean): boolean {
  switch (field) {
    case 'number':
      return typed.number.length >= 3;
    case 'pin':
      return typed.pin.length >= 1;
    case 'code':
      return recovery ? typed.code.length >= 6 : typed.code.length === 6;
  }
}

export function canSend(typed: Typed, card: boolean, recovery: boolean): boolean {
  return fieldsOf(card).every((field) => isFilled(typed, field, recovery));
}

/** Where "next" leads: to the first of the others that is empty. Undefined where this one is missing, or nothing is. */
export function nextField(typed: Typed, card: boolean, recovery: boolean, now: Field): Field | undefined {
  if (!isFilled(typed, now, recovery)) return undefined;
  return fieldsOf(card).find((field) => !isFilled(typed, field, recovery));
}

/** What core is sent. Without a number: of the card that was scanned last. */
export function credentialsOf({ number, pin, code }: Typed, card: boolean): Params<'staff.login'> {
  return { ...(card ? {} : { number }), pin, code };
}

/** Never "0 minutes" while it is locked. */
export function minutesOf(forMs: number): number {
  return Math.max(1, Math.ceil(forMs / 60_000));
}
