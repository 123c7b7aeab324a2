import { apduOf, bcd, digitsOf, fieldsOf } from './bytes.ts';
import { runSale } from './purchase.ts';
import type { Till } from './purchase.ts';
import { daySlip } from './slips.ts';
import { clockOf, statusInformation, totalsInformation } from './status-information.ts';

const OK = apduOf(0x80, 0x00);
export const refusal = (code: number) => apduOf(0x84, code);
const completion = (data: readonly number[] = []) => apduOf(0x06, 0x0f, data);
const abort = (code: number) => apduOf(0x06, 0x1e, [code]);

/** How the kiosk has registered: what of it matters here. */
export interface Registration {
  readonly prints: 'no' | 'lines' | 'blocks';
}

export interface CommandDeps {
  readonly till: Till;
  readonly takesRepeatReceipt: 'answered' | 'refused' | 'unanswered';
  /** It does not sell before 06 93, and says so in the completion of a registration. */
  readonly wantsInitialisation: boolean;
  registration(): Registration | undefined;
  register(registration: Registration | undefined): void;
  /** Its own clock, which 06 91 sets. */
  setClock(time: number): void;
  reboot(): void;
  /** While it works it refuses everything but 06 B0. */
  working(work: (isStale: () => boolean) => Promise<void>): Promise<void>;
}

export type Commands = Readonly<Record<string, ((data: readonly number[]) => Promise<void>) | undefined>>;

/** The commands of the kiosk, by their control field (PA00P015, 2). */
export function createCommands({ till, takesRepeatReceipt, wantsInitialisation, registration, register, setClock, reboot, working }: CommandDeps): Commands {
  const { book, currency } = till;
  let isInitialised = !wantsInitialisation;

  return {
    '06 00': registerKiosk,
    '06 01': registered((data) => sale('purchase', data)),
    '06 02': async () => {
      register(undefined);
      await till.send(OK);
    },
    '05 01': () => taken(completion([0x00])),
    '06 18': async () => {
      await till.send(OK);
      reboot();
    },
    '06 20': registered(repeatReceipt),
    '06 30': registered(reversal),
    '06 31': registered((data) => sale('refund', data.slice(3))),
    '06 50': registered(endOfDay),
    '06 70': () => working(async () => taken(clockMessage(), completion())),
    '06 91': setTime,
    '06 93': registered(() =>
      working(async (isStale) => {
        if (!(await till.send(OK))) return;
        await till.tell(apduOf(0x04, 0xff, [0x17]));
        await till.pause(till.processingMs);
        if (isStale()) return;
        isInitialised = true;
        await till.tell(completion());
      }),
    ),
    '06 e0': () => taken(completion()),
  };

  function registered(work: (data: readonly number[]) => Promise<void>): (data: readonly number[]) => Promise<void> {
    return (data) => (registration() ? work(data) : refuse(0x6b));
  }

  async function refuse(code: number): Promise<void> {
    await till.send(refusal(code));
  }

  /** Positive answer, then the messages, each answered before the next. */
  async function taken(...messages: readonly (readonly number[])[]): Promise<void> {
    if (!(await till.send(OK))) return;
    for (const message of messages) if ((await till.tell(message)).kind === 'none') return;
  }

  async function registerKiosk(data: readonly number[]): Promise<void> {
    const config = data[3];
    if (config === undefined) return refuse(0x9a);
    const hasCurrency = data.length >= 6 && data[4] !== 0x03 && data[4] !== 0x06;
    if (hasCurrency && digitsOf(data.slice(4, 6)) !== currency) return void (await till.send(apduOf(0x84, 0x1e, [0x6f])));
    // TLV 26 lists commands that the kiosk takes, each as 0A 02 xx xx; text blocks are sent only where 06 D3 is among them.
    const takesBlocks = digitsOf(data.slice(hasCurrency ? 6 : 4)).includes('0a0206d3');
    const blocksOrLines = takesBlocks ? 'blocks' : 'lines';
    register({ prints: (config & 0x80) === 0 ? 'no' : blocksOrLines });
    till.moment('registered');
    await taken(completion([0x19, isInitialised ? 0x00 : 0x01, 0x29, ...bcd(till.terminalId), 0x49, ...bcd(currency)]));
  }

  async function repeatReceipt(data: readonly number[]): Promise<void> {
    if (takesRepeatReceipt === 'unanswered') return;
    const parsed = fieldsOf(data.slice(3));
    if (takesRepeatReceipt === 'refused' || 'unknown' in parsed) return refuse(0x83);
    const last = book.last();
    if (!last) return taken(abort(0x83));
    const service = parsed.fields.get(0x03)?.[0] ?? 0;
    return working(async () => {
      if (!(await till.send(OK))) return;
      if ((service & 0x01) === 0x01 && (await till.tell(statusInformation(last, till))).kind === 'none') return;
      if ((service & 0x02) === 0 && !(await till.print(2, [{ attribute: 0, text: `Belegkopie ${last.receiptNumber}` }]))) return void (await till.tell(abort(0xcc)));
      await till.tell(completion());
    });
  }

  async function sale(kind: 'purchase' | 'refund', data: readonly number[]): Promise<void> {
    const parsed = fieldsOf(data);
    if ('unknown' in parsed) return refuse(0x83);
    const amount = parsed.fields.get(0x04);
    if (!amount) return refuse(0x9a);
    if (!isOurCurrency(parsed.fields.get(0x49))) return refuse(0x6f);
    if (!isInitialised) return refuse(0xa0);
    return working((isStale) => runSale(till, { kind, amount: Number(digitsOf(amount)), maxStatusInfos: parsed.fields.get(0x02)?.[0] ?? 0, isStale }));
  }

  async function reversal(data: readonly number[]): Promise<void> {
    const parsed = fieldsOf(data.slice(3));
    if ('unknown' in parsed) return refuse(0x83);
    const { fields } = parsed;
    const receipt = fields.get(0x87);
    if (!receipt) return refuse(0x9a);
    if (!isOurCurrency(fields.get(0x49))) return refuse(0x6f);
    return working(async (isStale) => {
      if (!(await till.send(OK))) return;
      await till.tell(apduOf(0x04, 0xff, [0x0e]));
      await till.pause(till.processingMs);
      if (isStale()) return;
      const entry = book.find(digitsOf(receipt));
      const amount = fields.get(0x04);
      if (entry?.state === 'reversed') return void (await till.tell(abort(0xb4)));
      const isThis = entry?.state === 'approved' && (!amount || Number(digitsOf(amount)) === entry.amount);
      if (!entry || !isThis || book.isClosed(entry)) return void (await till.tell(abort(0xb5)));
      book.change(entry.receiptNumber, { state: 'reversed', reason: 'reversed by the kiosk' });
      const booked = book.begin({ amount: entry.amount, currency, state: 'reversal', resultCode: '00', time: till.now(), ...(till.namesReversed ? { originalTraceNumber: entry.traceNumber } : {}) });
      till.show('reversed', entry.amount);
      till.moment('reversed');
      if (isStale()) return;
      // Done is done, whatever the kiosk hears of it: asked again the terminal answers B4.
      await till.tell(statusInformation(booked, till));
      if (isStale()) return;
      await till.print(2, [{ attribute: 0x40, text: 'STORNO' }, { attribute: 0, text: `Beleg-Nr.  ${entry.receiptNumber}` }]);
      await till.tell(completion());
      void till.pause(till.resultShownMs).then(() => isStale() || till.isBusy() || till.phase() !== 'reversed' || till.show('idle'));
    });
  }

  async function endOfDay(): Promise<void> {
    return working(async (isStale) => {
      if (!(await till.send(OK))) return;
      await till.tell(apduOf(0x04, 0xff, [0x17]));
      await till.pause(till.processingMs);
      if (isStale()) return;
      const totals = book.totals();
      book.closeDay();
      if ((await till.tell(totalsInformation(totals, currency, till.now()))).kind === 'none') return;
      await till.print(3, daySlip(totals));
      await till.tell(completion());
    });
  }

  async function setTime(data: readonly number[]): Promise<void> {
    const parsed = fieldsOf(data);
    const date = 'unknown' in parsed ? undefined : parsed.fields.get(0xaa);
    const time = 'unknown' in parsed ? undefined : parsed.fields.get(0x0c);
    if (!date || !time) return refuse(0x83);
    const [year = 0, month = 1, day = 1] = date.map((byte) => Number(digitsOf([byte])));
    const [hour = 0, minute = 0, second = 0] = time.map((byte) => Number(digitsOf([byte])));
    setClock(new Date(2000 + year, month - 1, day, hour, minute, second).getTime());
    return taken(completion());
  }

  function clockMessage(): readonly number[] {
    const { year, date, time } = clockOf(till.now());
    return apduOf(0x04, 0x01, [0xaa, ...bcd(year + date), 0x0c, ...bcd(time)]);
  }

  function isOurCurrency(asked: readonly number[] | undefined): boolean {
    return asked === undefined || digitsOf(asked) === currency;
  }
}

