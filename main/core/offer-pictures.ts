import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pictureAnswerSchema, sentPictureOf, sentPicturesIn } from '../../domain/contract/hq-pictures.ts';
import type { KioskId } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import type { AskFailure } from '../sync/sync.ts';
import type { Log } from './log.ts';
import { withSource } from './log.ts';

export interface OfferPictures {
  /** Something may be missing: a catalogue was taken in, HQ has come, or the kiosk begins. At once, and again by itself while HQ does not answer. */
  look(): void;
  /** Nothing is written any more. */
  stop(): Promise<void>;
}

export interface OfferPicturesDeps {
  readonly kioskId: KioskId;
  /** Beside the store; made when the first one comes. */
  readonly folder: string;
  /** See `Sync.ask`. */
  readonly ask: (path: string, body: unknown, timeoutMs: number) => Promise<Result<unknown, AskFailure>>;
  /** What is in force now. */
  readonly catalogue: () => unknown;
  readonly now: () => number;
  readonly log: Log;
}

const askMs = 30_000;
const againMs = 60_000;
/** What HQ says that it has not, it may have tomorrow: it was restored, perhaps. */
const refusedForMs = 3_600_000;
/** Of a catalogue that is not in force any more: it may be put back. */
const keptMs = 30 * 86_400_000;

/**
 * Fetches the pictures that the catalogue names by their hash, one after another, and keeps them. An offer whose picture is not there yet is sold all the same. Nothing
 * that does not fit its hash is ever shown.
 */
export function createOfferPictures({ kioskId, folder, ask, catalogue, now, log: kioskLog }: OfferPicturesDeps): OfferPictures {
  const log = withSource(kioskLog, 'pictures');
  /** Seen whole in this run. */
  const whole = new Set<string>();
  const refusedAt = new Map<string, number>();
  let isStopped = false;
  let isWanted = false;
  let working: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastFault = '';

  function look(): void {
    if (isStopped) return;
    isWanted = true;
    clearTimeout(timer);
    working ??= work().finally(() => (working = undefined));
  }

  async function work(): Promise<void> {
    while (isWanted && !isStopped) {
      isWanted = false;
      try {
        const named = sentPicturesIn(catalogue());
        let isAgain = false;
        for (const file of named.keys()) {
          if (isStopped) return;
          const outcome = (await isThere(file)) ? 'there' : await fetchOne(file);
          isAgain ||= outcome === 'again';
          if (outcome === 'away') break;
        }
        await tidy(named);
        if (isAgain) later();
      } catch (error) {
        // A full disk, for instance: said once, until it is another.
        const fault = error instanceof Error ? error.message : String(error);
        if (fault !== lastFault) log.warn('pictures cannot be kept', { event: 'pictures.failed', detail: fault });
        lastFault = fault;
        later();
      }
    }
  }

  function later(): void {
    if (isStopped) return;
    clearTimeout(timer);
    timer = setTimeout(look, againMs);
    timer.unref();
  }

  async function isThere(file: string): Promise<boolean> {
    if (whole.has(file)) return true;
    const bytes = await fs.readFile(path.join(folder, file)).catch(() => undefined);
    if (!bytes || hashOf(bytes) !== sentPictureOf(file)?.sha256) return false;
    whole.add(file);
    return true;
  }

  /** `away`: none of the others would come either, until HQ is there. */
  async function fetchOne(file: string): Promise<'there' | 'again' | 'away' | 'refused'> {
    const wanted = sentPictureOf(file);
    if (!wanted || now() - (refusedAt.get(file) ?? Number.NEGATIVE_INFINITY) < refusedForMs) return 'refused';
    const answer = await ask('/api/kiosk/picture', { kioskId, sha256: wanted.sha256 }, askMs);
    if (!answer.ok) {
      if (answer.error.kind !== 'refused') return answer.error.kind === 'not_asked' ? 'away' : 'again';
      return refused(file, answer.error.detail);
    }
    const parsed = pictureAnswerSchema.safeParse(answer.value);
    const bytes = parsed.success ? Buffer.from(parsed.data.data, 'base64') : undefined;
    if (!parsed.success || !bytes || parsed.data.mediaType !== wanted.mediaType || hashOf(bytes) !== wanted.sha256) return refused(file, 'HQ has sent another one');
    if (isStopped) return 'away';
    await keep(file, bytes);
    whole.add(file);
    log.info('picture fetched', { event: 'pictures.fetched', file, bytes: bytes.length });
    return 'there';
  }

  function refused(file: string, detail: string): 'refused' {
    refusedAt.set(file, now());
    log.warn('a picture of the catalogue is not to be had', { event: 'pictures.refused', file, detail });
    return 'refused';
  }

  /** Whole or not at all, whenever the power goes. */
  async function keep(file: string, bytes: Buffer): Promise<void> {
    await fs.mkdir(folder, { recursive: true });
    const part = path.join(folder, `${file}.part`);
    const handle = await fs.open(part, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(part, path.join(folder, file));
  }

  async function tidy(named: ReadonlyMap<string, unknown>): Promise<void> {
    for (const file of await fs.readdir(folder).catch(() => [])) {
      if (isStopped || named.has(file) || !(file.endsWith('.part') || sentPictureOf(file))) continue;
      const stats = await fs.stat(path.join(folder, file)).catch(() => undefined);
      if (!stats || (!file.endsWith('.part') && now() - stats.mtimeMs < keptMs)) continue;
      await fs.rm(path.join(folder, file), { force: true });
      whole.delete(file);
    }
  }

  return {
    look,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
