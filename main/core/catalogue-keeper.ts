import fs from 'node:fs';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError, describeError } from '../../domain/contract/errors.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { StoreReader } from '../store/reader.ts';
import type { StoreWriter } from '../store/writer.ts';
import { readCatalogue } from './configuration.ts';
import type { Log } from './log.ts';

export interface CatalogueKeeper {
  current(): Catalogue;
  /** Takes in HQ's catalogue, or the file if it has changed for good. True where there is a new catalogue. */
  refresh(): boolean;
}

export interface CatalogueKeeperDeps {
  readonly file: string;
  /** What HQ has in force (`DocumentKeeper.current`), already saved; undefined where it has given none. */
  readonly ofHq?: () => Catalogue | undefined;
  readonly reader: StoreReader;
  readonly writer: StoreWriter;
  readonly log: Log;
}

/**
 * Keeps the last good catalogue: a broken file is said once, with its code, and changes nothing. HQ's goes before the file, which is only what a
 * kiosk starts with: once there is one of HQ's, the file is not looked at any more.
 */
export function createCatalogueKeeper({ file, ofHq = () => undefined, reader, writer, log }: CatalogueKeeperDeps): Result<CatalogueKeeper, CodedError> {
  let current = ofHq();
  let seen = '';
  let fault: CodedError | undefined;

  function refresh(): boolean {
    const given = ofHq();
    if (given) {
      if (given === current) return false;
      current = given;
      log.info('catalogue of HQ taken in', { source: 'configuration', event: 'catalogue.taken_in', revision: given.revision, offers: given.offers.length });
      return true;
    }
    const signature = signatureOf(file);
    if (signature === seen) return false;
    const read = readCatalogue(file);
    // The earlier one is read and checked only where the file is of no use.
    if (!read.ok) current ??= reader.lastCatalogue();
    const isNew = read.ok && JSON.stringify(read.value) !== (current ? JSON.stringify(current) : reader.lastCatalogueText());
    // Seen only once it is saved: what could not be written is tried again.
    if (isNew) writer.saveCatalogue(read.value);
    seen = signature;
    fault = read.ok ? undefined : read.error;
    // Without an earlier one, whoever asked for a keeper is told, and says it once.
    if (fault && current) log.error(fault);
    if (!isNew) {
      if (read.ok) current ??= read.value;
      return false;
    }
    current = read.value;
    log.info('catalogue taken in', { source: 'configuration', event: 'catalogue.taken_in', revision: current.revision, offers: current.offers.length });
    return true;
  }

  refresh();
  if (!current) return err(codedError('CATALOGUE_MISSING', fault ? describeError(fault) : file));
  return ok({ current: () => current as Catalogue, refresh });
}

/** Cheap to ask every few seconds. A file that is not there has a signature, too. */
function signatureOf(file: string): string {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs} ${stats.size} ${stats.ino}` : 'missing';
}
