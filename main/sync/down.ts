import type { KeyObject } from 'node:crypto';
import { createHash, verify } from 'node:crypto';
import type { HqEvent } from '../../domain/contract/hq.ts';
import type { Command, DocumentKind, DocumentRevision, DownAnswer, DownRequest } from '../../domain/contract/hq-down.ts';
import { documentKinds, documentSchemas, documentSignatureText, downAnswerSchema } from '../../domain/contract/hq-down.ts';
import { describeIssues } from '../../domain/contract/issues.ts';
import type { KioskId } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { applyTextDelta } from '../../domain/sync/text-delta.ts';
import type { CommandInbox } from '../store/commands.ts';
import type { DocumentInbox } from '../store/documents.ts';
import type { Outbox } from '../store/outbox.ts';

export interface DownFailure {
  readonly kind: string;
  readonly detail: string;
  readonly retryAfterMs?: number | undefined;
}

export interface DownDeps {
  readonly kioskId: KioskId;
  /** A signed POST in the open session, its answer's signature checked: the parsed body, or why there is none. A whole document may be 16 million characters. */
  readonly post: (path: string, body: unknown) => Promise<Result<unknown, DownFailure>>;
  /** HQ's pinned Ed25519 key; undefined before the kiosk is enrolled. */
  readonly hqKey: () => KeyObject | undefined;
  readonly documents: DocumentInbox;
  readonly commands: CommandInbox;
  readonly outbox: Pick<Outbox, 'eventsAt' | 'keysFor'>;
  readonly now: () => number;
  /** The one that core compares with when it begins a command: the same clock in both threads. */
  readonly monotonicMs: () => number;
  /** Something durable is there for core to look at: documents that wait, refusals to tell, commands. */
  readonly onNews: () => void;
  /** For engineers; once for each revision in each run. */
  readonly onRefused: (kind: DocumentKind, revision: number, detail: string) => void;
}

export interface Polled {
  /** Documents that wait now and did not before. */
  readonly documents: readonly DocumentKind[];
  readonly refused: readonly DocumentKind[];
  /** Commands that are new, or may be begun again. */
  readonly commands: number;
  /** Events that HQ asked for again and has been sent. */
  readonly resent: number;
}

export interface Down {
  /** Asks HQ what is new until there is no more. Never two at once: who asks meanwhile gets the answer of one that begins after this one. */
  poll(): Promise<Result<Polled, DownFailure>>;
}

const wholeWanted = { revision: 0, sha256: '0'.repeat(64) };
/** An answer that brings something is followed by another question; an HQ that never comes to an end is asked again a minute later. */
const maxRounds = 12;
/** What was refused is said to be here for so long, so that it does not come down anew with each poll; then it may, since HQ may have mended it. */
const refusedForMs = 3_600_000;
const resendEvents = 500;
const resendCharacters = 400_000;

/**
 * The kiosk's side of the way down. Nothing is believed but what HQ's key has signed for this kiosk; a text that a delta does not make is asked
 * for whole; what breaks its schema is refused whole, and what was there stays. All of it is on disk before HQ hears of it (by the next cursor).
 */
export function createDown(deps: DownDeps): Down {
  const { kioskId, post, hqKey, documents, commands, outbox, now, monotonicMs, onNews, onRefused } = deps;
  /** Kinds of which the next question asks for the whole. */
  const wholes = new Set<DocumentKind>();
  const refusals = new Map<DocumentKind, { readonly revision: number; readonly sha256: string; readonly atMs: number }>();
  let running: Promise<Result<Polled, DownFailure>> | undefined;
  let next: Promise<Result<Polled, DownFailure>> | undefined;

  function poll(): Promise<Result<Polled, DownFailure>> {
    if (running) {
      next ??= running.then(() => {
        next = undefined;
        return poll();
      });
      return next;
    }
    running = pollNow().finally(() => (running = undefined));
    return running;
  }

  async function pollNow(): Promise<Result<Polled, DownFailure>> {
    const taken = new Set<DocumentKind>();
    const refused = new Set<DocumentKind>();
    let counted = 0;
    let resent = 0;
    for (let round = 0; round < maxRounds; round++) {
      const request = ask();
      const askedAtMs = monotonicMs();
      const answered = await post('/api/kiosk/down', request);
      if (!answered.ok) return answered;
      const answer = downAnswerSchema.safeParse(withoutUnknownKinds(answered.value));
      if (!answer.success) return err({ kind: 'malformed', detail: describeIssues(answer.error) });
      let isNews = false;
      let asksAgain = false;
      for (const revision of answer.data.documents) {
        wholes.delete(revision.kind);
        const outcome = take(revision);
        if (outcome === 'waiting') taken.add(revision.kind);
        else if (outcome === 'refused') refused.add(revision.kind);
        else if (outcome === 'whole_wanted') wholes.add(revision.kind);
        isNews ||= outcome === 'waiting' || outcome === 'refused';
        asksAgain ||= outcome === 'whole_wanted';
      }
      const fresh = takeCommands(answer.data.commands, request.commands, askedAtMs);
      counted += fresh;
      isNews ||= fresh > 0;
      if (isNews) onNews();
      const sent = round === 0 ? await resend(answer.data.resend) : ok(0);
      if (!sent.ok) return sent;
      resent += sent.value;
      if (!isNews && !asksAgain) break;
    }
    return ok({ documents: [...taken], refused: [...refused], commands: counted, resent });
  }

  function ask(): DownRequest {
    const held = documents.held();
    const said: DownRequest['documents'] = {};
    for (const kind of documentKinds) {
      const refusal = refusals.get(kind);
      if (refusal && monotonicMs() - refusal.atMs >= refusedForMs) refusals.delete(kind);
      const has = wholes.has(kind) ? wholeWanted : (refusals.get(kind) ?? held[kind]);
      if (has) said[kind] = { revision: has.revision, sha256: has.sha256 };
    }
    return { kioskId, documents: said, commands: commands.cursor() };
  }

  function take(document: DocumentRevision): 'waiting' | 'refused' | 'whole_wanted' | 'nothing_new' {
    const { kind, revision, scope, sha256, signature, content } = document;
    const held = documents.held()[kind];
    if (held && (held.revision > revision || (held.revision === revision && held.sha256 === sha256))) return 'nothing_new';
    const refuse = (detail: string): 'refused' => {
      refusals.set(kind, { revision, sha256, atMs: monotonicMs() });
      documents.noteRefused({ kind, revision, sha256, detail });
      onRefused(kind, revision, detail);
      return 'refused';
    };
    const key = hqKey();
    if (!key || !isSigned(key, documentSignatureText(kind, revision, scope, sha256), signature)) return refuse("not signed by HQ's key");
    if (scope !== 'all' && scope !== `kiosk:${kioskId}`) return refuse(`it is for ${scope}`);
    const text = textOf(kind, content);
    if (text === undefined || createHash('sha256').update(text, 'utf8').digest('hex') !== sha256) {
      // A whole text with another hash is no better the next time.
      return content.kind === 'delta' ? 'whole_wanted' : refuse('its text does not have its hash');
    }
    const fault = faultOf(kind, text);
    if (fault !== undefined) return refuse(fault);
    refusals.delete(kind);
    documents.putWaiting({ kind, revision, scope, sha256, signature, text }, now());
    return 'waiting';
  }

  function textOf(kind: DocumentKind, content: DocumentRevision['content']): string | undefined {
    if (content.kind === 'whole') return content.text;
    const base = documents.textOf(kind, content.base);
    const made = base === undefined ? undefined : applyTextDelta(base, content.delta);
    return made?.ok ? made.value : undefined;
  }

  function takeCommands(given: readonly Command[], cursor: number, askedAtMs: number): number {
    return commands.take(given, cursor, askedAtMs, given.length < 100);
  }

  async function resend(wanted: DownAnswer['resend']): Promise<Result<number, DownFailure>> {
    let sent = 0;
    for (const { lane, epoch, sequences } of wanted) {
      for (const events of portions(outbox.eventsAt(lane, epoch, sequences))) {
        const keys = outbox.keysFor(events);
        const answered = await post('/api/kiosk/resend', { kioskId, lane, epoch, events, ...(keys.length > 0 ? { keys } : {}) });
        if (!answered.ok) return answered;
        sent += events.length;
      }
    }
    return ok(sent);
  }

  return { poll };
}

function isSigned(key: KeyObject, text: string, signature: string): boolean {
  try {
    return verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

/** What keeps the text from being such a document; undefined where nothing does. */
export function faultOf(kind: DocumentKind, text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is no JSON';
  }
  const checked = documentSchemas[kind].safeParse(value);
  return checked.success ? undefined : describeIssues(checked.error).slice(0, 2000);
}

/** A newer HQ has documents that this kiosk has no use for yet: they keep nothing else from it. */
function withoutUnknownKinds(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || !('documents' in answer) || !Array.isArray(answer.documents)) return answer;
  const isForeign = (kind: unknown) => typeof kind === 'string' && !(documentKinds as readonly string[]).includes(kind);
  return { ...answer, documents: answer.documents.filter((document: { readonly kind?: unknown } | null) => !isForeign(document?.kind)) };
}

/** As many as go into one request. */
function portions(events: readonly HqEvent[]): HqEvent[][] {
  const all: HqEvent[][] = [];
  let characters = 0;
  for (const event of events) {
    const last = all.at(-1);
    characters += event.payload.length;
    if (last && last.length < resendEvents && characters <= resendCharacters) last.push(event);
    else {
      all.push([event]);
      characters = event.payload.length;
    }
  }
  return all;
}
