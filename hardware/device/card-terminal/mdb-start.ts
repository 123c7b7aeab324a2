import { currencies } from '../../../domain/money.ts';
import type { ReaderSetup } from '../../codec/qibixx/answers.ts';
import { askStatus, command, endVend, hear } from './mdb-ask.ts';
import type { MdbLink } from './mdb-link.ts';
import type { MdbProfile } from './mdb-profiles.ts';

export type Started = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly detail: string };

export interface StartDeps {
  readonly link: MdbLink;
  readonly profile: MdbProfile;
  /** Told before an approval that nobody waits for is given back. */
  readonly onRefused: () => void;
  /** A vend that was open is certainly not paid: called off before a card came, or given back. */
  readonly onLeftoverUndone: () => void;
}

const versionTries = 2;

/**
 * From an open line to a reader that can be asked for a payment. A vend that an earlier life left open is undone first, and
 * never by a reset: D,0 and D,2 reset the reader, and MDB/ICP 4.2, 7.4.7 takes a reset of an approved vend for its success.
 */
export async function start(deps: StartDeps): Promise<Started> {
  const { link, profile } = deps;
  const version = await askVersion(link, profile);
  if (version) return version;
  let asked = await askStatus(link, profile);
  if (asked.kind === 'lost') return failed(asked.detail);
  const status = asked.kind === 'status' ? asked.status.kind : 'off';
  if (status === 'vend' || status === 'approved' || status === 'denied') {
    const undone = await undo(deps, status);
    if (undone) return undone;
  } else if (status === 'off' || status === 'reset') {
    const begun = await startMaster(link, profile);
    if (begun) return begun;
  }
  asked = await askStatus(link, profile);
  if (asked.kind === 'lost') return failed(asked.detail);
  if (asked.kind === 'status') {
    const misfit = asked.setup && misfitOf(asked.setup, profile);
    if (misfit) return failed(misfit);
    if (asked.status.kind === 'init' && asked.status.alwaysIdle === false) return failed('the reader cannot be asked first');
    if (asked.status.kind === 'idle' && !profile.armedOnlyForPurchase) return { kind: 'ready' };
  }
  if (profile.armedOnlyForPurchase) return disarm(link, profile);
  const detail = await arm(link, profile);
  return detail === undefined ? { kind: 'ready' } : failed(detail);
}

/** Undefined when the reader is armed. */
export async function arm(link: MdbLink, profile: MdbProfile): Promise<string | undefined> {
  const armed = await command(link, { kind: 'arm' }, profile.answerMs, (answer) => (answer.kind === 'status' && answer.status.kind === 'idle' ? true : undefined));
  if (armed.kind === 'answered') return undefined;
  if (armed.kind !== 'silence') return armed.detail;
  const asked = await askStatus(link, profile);
  return asked.kind === 'status' && asked.status.kind === 'idle' ? undefined : 'the reader cannot be armed';
}

/** How the interface answers D,READER,0 is not documented: it is asked, or believed. */
export async function disarm(link: MdbLink, profile: MdbProfile): Promise<Started> {
  const sent = await link.send({ kind: 'disarm' });
  if (sent.kind !== 'sent') return failed(sent.detail);
  const asked = await askStatus(link, profile);
  if (asked.kind !== 'status') return profile.statusQuery ? failed(asked.detail) : { kind: 'ready' };
  return asked.status.kind === 'init' || asked.status.kind === 'idle' ? { kind: 'ready' } : failed(`the reader is ${asked.status.kind}`);
}

/** V comes first, and no empty line before it: half a command of before in the interface's buffer becomes nonsense by it, and not a command. */
async function askVersion(link: MdbLink, profile: MdbProfile): Promise<Started | undefined> {
  let detail = '';
  for (let attempt = 0; attempt < versionTries; attempt += 1) {
    const version = await command(link, { kind: 'version' }, profile.answerMs, (answer) => (answer.kind === 'version' ? true : undefined));
    if (version.kind === 'answered') return undefined;
    detail = version.detail;
    if (version.kind !== 'silence') break;
  }
  return failed(detail);
}

/** Undefined when the reader answers on the bus. */
async function startMaster(link: MdbLink, profile: MdbProfile): Promise<Started | undefined> {
  for (const again of [true, false]) {
    const sent = await link.send({ kind: 'start_master' });
    if (sent.kind !== 'sent') return failed(sent.detail);
    const heard = await hear(link, profile.initMs, (answer) => {
      if (answer.kind === 'error') return answer.reason === 'already_on' ? 'already_on' : undefined;
      return answer.kind === 'status' && (answer.status.kind === 'init' || answer.status.kind === 'idle') ? answer.status : undefined;
    });
    if (heard.kind === 'lost') return failed(heard.detail);
    if (heard.kind === 'silence') return failed('no reader answers on the bus');
    if (heard.value !== 'already_on') {
      return heard.value.kind === 'init' && heard.value.alwaysIdle === false ? failed('the reader cannot be asked first') : undefined;
    }
    // Where it can be asked, it has just said that it is off or without a reader: no vend is open that this could end.
    if (again) await command(link, { kind: 'stop_master' }, profile.answerMs, (answer) => (answer.kind === 'status' && answer.status.kind === 'off' ? true : undefined));
  }
  return failed('the interface does not start');
}

async function undo({ link, profile, onRefused, onLeftoverUndone }: StartDeps, found: 'vend' | 'approved' | 'denied'): Promise<Started | undefined> {
  let status: string = found;
  if (status === 'vend') {
    const heard = await command(link, { kind: 'cancel_request' }, profile.answerMs, (answer) => (answer.kind === 'status' && answer.status.kind !== 'vend' ? answer.status.kind : undefined));
    if (heard.kind === 'lost') return failed(heard.detail);
    const asked = await askStatus(link, profile);
    if (asked.kind !== 'status') return failed(asked.detail);
    status = asked.status.kind;
  }
  if (status === 'approved') {
    onRefused();
    const ending = await endVend(link, profile, 'end_failed');
    if (ending.kind !== 'ended') return failed(`an approval of before could not be given back: ${ending.detail}`);
    status = 'idle';
  }
  if (status === 'denied') {
    await command(link, { kind: 'cancel_request' }, profile.answerMs, (answer) => (answer.kind === 'status' && answer.status.kind === 'idle' ? true : undefined));
    const asked = await askStatus(link, profile);
    status = asked.kind === 'status' ? asked.status.kind : 'silent';
  }
  if (status !== 'idle') return failed(`a purchase of before is still under way (${status})`);
  onLeftoverUndone();
  return undefined;
}

function misfitOf(setup: ReaderSetup, profile: MdbProfile): string | undefined {
  if (setup.mode === 1) return 'the reader cannot be asked first';
  // "1" and the ISO 4217 number; a telephone code ("0…") says nothing of the currency for certain.
  const { numeric } = currencies[profile.currency];
  if (setup.currencyCode.startsWith('1') && setup.currencyCode.slice(1) !== numeric.slice(1)) return 'the reader counts in another currency';
  if (setup.decimals !== profile.decimals || setup.scaleFactor !== profile.scaleFactor) {
    return `the reader counts with ${setup.decimals} decimals in steps of ${setup.scaleFactor}: give it a profile that says so`;
  }
  return undefined;
}

function failed(detail: string): Started {
  return { kind: 'failed', detail };
}
