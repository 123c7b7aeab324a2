import type { Currency } from '../../../domain/money.ts';
import { formatMoney, money } from '../../../domain/money.ts';
import { keepReconciliation } from '../settlement/reconcile.ts';
import { StartFailure } from '../start-failure.ts';
import { readWords } from './arguments.ts';
import type { HqCommand } from './command.ts';

/** The books of money against each other. */
export const reconcileCommands: readonly HqCommand[] = [
  {
    name: 'reconcile', usage: '', about: 'compares all books with each other: captured = delivered + refunded + open; fails where they do not agree',
    run: async ({ args, sql, now, print }) => {
      readWords(args, 0);
      const { sums, findings } = await keepReconciliation(sql, now());
      for (const { currency, tender, captured, delivered, refunded, open, unexplained } of sums) {
        const shown = (minor: number) => formatMoney(money(minor, currency as Currency));
        print(`${tender}  captured ${shown(captured)} = delivered ${shown(delivered)} + refunded ${shown(refunded)} + open ${shown(open)}${unexplained === 0 ? '' : ` + UNEXPLAINED ${shown(unexplained)}`}`);
      }
      for (const { kind, kioskId, orderId, attemptId, detail } of findings) print([kind, kioskId, ...(orderId === null ? [] : [`order ${orderId}`]), ...(attemptId === null ? [] : [`attempt ${attemptId}`]), detail].join('  '));
      if (findings.length > 0 || sums.some(({ unexplained }) => unexplained !== 0)) throw new StartFailure(`${findings.length} findings: docs/payments.md says what to do about each.`);
      print('the books agree');
    },
  },
];
