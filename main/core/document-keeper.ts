import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { KioskConfig } from '../../domain/contract/config.ts';
import { codedError } from '../../domain/contract/errors.ts';
import type { DocumentKind, DocumentOf } from '../../domain/contract/hq-down.ts';
import { documentKinds, documentSchemas } from '../../domain/contract/hq-down.ts';
import { describeIssues } from '../../domain/contract/issues.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { DocumentStore, StoredDocument } from '../store/documents.ts';
import type { Emitter } from '../store/emitter.ts';
import type { StoreWriter } from '../store/writer.ts';
import { faintPair } from './brand.ts';
import type { Log } from './log.ts';

export interface DocumentKeeper {
  /**
   * What HQ has in force here, checked; undefined where it has given none. Catalogue, sold-out and configuration are sold by,
   * planogram and staff are worked by. Texts are kept and read by their schema: no screen shows them yet.
   */
  current<K extends DocumentKind>(kind: K): DocumentOf<K> | undefined;
  /** Not to be sold now, whatever the stock says. */
  soldOut(): ReadonlySet<string>;
  /** Resting until a time (epoch milliseconds), by offer id. One whose time is over is sold again by itself. */
  snoozed(): ReadonlyMap<string, number>;
  /**
   * Between two customers: all that waits comes into force in one transaction, with its events, or nothing does. Tells HQ what was refused, too. Answers the
   * kinds that have changed; throws where the store cannot be written, and then everything is as it was, here and on disk.
   */
  applyWaiting(): readonly DocumentKind[];
}

export interface DocumentKeeperDeps {
  readonly documents: DocumentStore;
  readonly transaction: Emitter['transaction'];
  /** Keeps HQ's catalogue as the last good one, and counts in the stock of new offers. */
  readonly writer: Pick<StoreWriter, 'saveCatalogue'>;
  readonly log: Log;
}

type Documents = { readonly [K in DocumentKind]?: DocumentOf<K> };

/** What HQ has published, as this kiosk goes by it. */
export function createDocumentKeeper({ documents, transaction, writer, log }: DocumentKeeperDeps): DocumentKeeper {
  let inForce = readAll();
  let soldOut = soldOutOf(inForce);
  let snoozed = snoozedOf(inForce);

  function readAll(): Documents {
    return Object.fromEntries(documentKinds.flatMap((kind) => {
      const stored = documents.applied(kind);
      if (!stored) return [];
      const read = readDocument(stored);
      // It was good for the version that applied it. Without it the kiosk goes by its own files, and HQ publishes again.
      if (!read.ok) log.error(codedError('DOCUMENT_REFUSED', `${kind} ${stored.revision}, in force so far: ${read.error}`));
      return read.ok ? [[kind, read.value]] : [];
    }));
  }

  const applyAll = transaction((): Documents => {
    let next = inForce;
    documents.tellRefusals();
    for (const stored of documents.waiting()) {
      // Sync has checked it; but it may have waited while the kiosk was updated.
      const read = readDocument(stored);
      if (read.ok) {
        documents.apply(stored);
        if (stored.kind === 'catalogue') writer.saveCatalogue(read.value as Catalogue);
        next = { ...next, [stored.kind]: read.value };
      } else {
        documents.refuse(stored, read.error);
        log.error(codedError('DOCUMENT_REFUSED', `${stored.kind} ${stored.revision}: ${read.error}`));
      }
    }
    return next;
  });

  return {
    current: (kind) => inForce[kind] as never,
    soldOut: () => soldOut,
    snoozed: () => snoozed,
    applyWaiting() {
      if (!documents.hasWork()) return [];
      const next = applyAll();
      const changed = documentKinds.filter((kind) => next[kind] !== inForce[kind]);
      // Memory changes only after the commit.
      inForce = next;
      soldOut = soldOutOf(next);
      snoozed = snoozedOf(next);
      if (changed.length > 0) log.info("HQ's documents are in force", { documents: changed.map((kind) => `${kind} ${documents.applied(kind)?.revision}`).join(', ') });
      return changed;
    },
  };
}

function readDocument({ kind, text }: StoredDocument): Result<DocumentOf<DocumentKind>, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('it is no JSON');
  }
  const checked = documentSchemas[kind].safeParse(value);
  if (!checked.success) return err(describeIssues(checked.error));
  const brand = kind === 'config' ? (checked.data as DocumentOf<'config'>).brand : undefined;
  const faint = brand && faintPair(brand);
  return faint ? err(`brand: ${faint}`) : ok(checked.data);
}

function soldOutOf({ sold_out: document }: Documents): ReadonlySet<string> {
  return new Set(document?.offerIds);
}

function snoozedOf({ sold_out: document }: Documents): ReadonlyMap<string, number> {
  return new Map(document?.snoozed?.map(({ offerId, until }) => [offerId, until]));
}

/** The file's configuration with what HQ has set in its place; devices and HQ's own address stay with the machine. */
export function withHqConfig(config: KioskConfig, given: DocumentOf<'config'> | undefined): KioskConfig {
  if (!given) return config;
  const { shop = config.shop, defaultLanguage = config.defaultLanguage, maxOrderTotal = config.maxOrderTotal, times = config.times, help = config.help, dining = config.dining } = given;
  // The logo is a file of the machine.
  const { logoFile } = config.brand;
  const brand = given.brand ? { ...given.brand, ...(logoFile === undefined ? {} : { logoFile }) } : config.brand;
  return { ...config, shop, defaultLanguage, maxOrderTotal, times, brand, help, dining };
}
