import type { RuleInput } from '../../../../hq/server/sim/wallets/script.ts';
import type { FaultName, Mode, Wallet } from './case.ts';

type Given = Pick<RuleInput, 'on' | 'times' | 'skip' | 'faults'>;

/** The rules of the gateways' script that make a fault, for the trades of one wallet. `end`: whichever way this gateway ends such a payment. */
export function rulesOf(fault: FaultName, wallet: Wallet, mode: Mode): readonly RuleInput[] {
  const begin = mode === 'shown' ? 'show' : 'charge';
  const [stage = '', what = ''] = [fault.slice(0, fault.indexOf('_')), fault.slice(fault.indexOf('_') + 1)];
  const places: Readonly<Record<string, readonly RuleInput['on'][]>> = { begin: [begin], confirming: ['charge'], query: ['query'], end: ['close', 'undo'], refund: ['refund'], note: ['notify'] };
  return (places[stage] ?? []).map((on): RuleInput => ({ wallet, on, ...given(stage, what) }));
}

function given(stage: string, what: string): Omit<Given, 'on'> {
  // Alipay's own SDK asks a second time by itself where the line broke.
  const broken = { times: 2 } as const;
  switch (what) {
    case 'slow': return { times: 1, faults: [{ kind: 'slow', ms: 12_000 }] };
    case 'lost': return { ...broken, faults: [{ kind: 'lost' }] };
    case 'half': return { ...broken, faults: [{ kind: 'half' }] };
    case 'cut': return { ...broken, faults: [{ kind: 'cut' }] };
    case '429': return { times: 2, faults: [{ kind: 'status', status: 429 }] };
    case '500': return { times: 2, faults: [{ kind: 'status', status: 500 }] };
    case '500_acted': return { times: 1, faults: [{ kind: 'status', status: 500, acted: true }] };
    case 'system': return { times: 2, faults: [{ kind: 'system_error' }] };
    case 'system_acted': return { times: 1, faults: [{ kind: 'system_error', acted: true }] };
    case 'tampered': return stage === 'note' ? { times: 1, faults: [{ kind: 'tampered' }] } : { times: 2, faults: [{ kind: 'tampered' }] };
    case 'unsigned': return { times: 1, faults: [{ kind: 'unsigned' }] };
    case 'foreign': return { times: 2, faults: [{ kind: 'foreign_key' }] };
    case 'not_json': return { times: 1, faults: [{ kind: 'not_json' }] };
    // A minute and more without an answer to any question.
    case 'away': return { times: 12, faults: [{ kind: 'status', status: 502 }] };
    case 'pays': return { times: 1, faults: [{ kind: 'confirming', asks: 2, does: 'pay' }] };
    case 'refuses': return { times: 1, faults: [{ kind: 'confirming', asks: 2, does: 'refuse' }] };
    case 'nothing': return { times: 1, faults: [{ kind: 'confirming', does: 'nothing' }] };
    case 'pending': return { times: 1, faults: [{ kind: 'refund_pending', asks: 3 }] };
    case 'refused': return { times: 1, faults: [{ kind: 'refund_abnormal' }] };
    case 'early': return { times: 1, faults: [{ kind: 'early' }] };
    case 'late': return { times: 1, faults: [{ kind: 'late', ms: 90_000 }] };
    case 'twice': return { times: 'always', faults: [{ kind: 'twice' }] };
    case 'never': return { times: 'always', faults: [{ kind: 'never' }] };
    case 'stale': return { times: 1, faults: [{ kind: 'stale' }] };
    default: throw new Error(`there is no fault ${stage} ${what}`);
  }
}
