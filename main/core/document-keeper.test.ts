import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { kioskConfigSchema } from '../../domain/contract/config.ts';
import type { CodedError } from '../../domain/contract/errors.ts';
import { describeError } from '../../domain/contract/errors.ts';
import type { DocumentKind } from '../../domain/contract/hq-down.ts';
import { uuidV7From } from '../../domain/ids.ts';
import { createDocumentInbox, createDocumentStore } from '../store/documents.ts';
import { createEmitter } from '../store/emitter.ts';
import { migrations } from '../store/migrations/all.ts';
import { createStoreReader } from '../store/reader.ts';
import { createStoreWriter } from '../store/writer.ts';
import { createCatalogueKeeper } from './catalogue-keeper.ts';
import { createDocumentKeeper, withHqConfig } from './document-keeper.ts';
import { rigCatalogue } from './testing/catalogue-rig.ts';

let folder: string;
let file: string;
let database: Database.Database;
let errors: string[];
let ids: number;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'document-keeper-'));
  file = path.join(folder, 'catalogue.json');
  database = new Database(':memory:');
  for (const { sql, finish } of migrations) {
    database.exec(sql);
    finish?.(database);
  }
  [errors, ids] = [[], 0];
});
afterEach(() => {
  database.close();
  fs.rmSync(folder, { recursive: true });
});

const newId = () => uuidV7From(1_700_000_000_000 + ++ids, new Uint8Array(10));
const log = { info: () => {}, warn: () => {}, error: (error: CodedError) => void errors.push(describeError(error)) };

/** As one start of core makes it. */
function start() {
  const emitter = createEmitter({ database, now: () => 5, newId });
  const reader = createStoreReader(database);
  const writer = createStoreWriter({ database, reader, now: () => 5, newId, emitter });
  const keeper = createDocumentKeeper({ documents: createDocumentStore(database, emitter), transaction: emitter.transaction, writer, log });
  const catalogues = createCatalogueKeeper({ file, ofHq: () => keeper.current('catalogue'), reader, writer, log });
  if (!catalogues.ok) throw new Error(describeError(catalogues.error));
  return { keeper, reader, catalogues: catalogues.value };
}

function arrives(kind: DocumentKind, revision: number, content: unknown): void {
  createDocumentInbox(database).putWaiting({ kind, revision, scope: 'all', sha256: String(revision % 10).repeat(64), signature: 'c2ln', text: typeof content === 'string' ? content : JSON.stringify(content) }, 5);
}

const catalogueOf = (revision: number, offers = rigCatalogue.offers): Catalogue => ({ ...rigCatalogue, revision, offers });
const writeFile = (catalogue: Catalogue) => fs.writeFileSync(file, JSON.stringify(catalogue));
const told = () => (database.prepare("SELECT payload FROM outbox WHERE kind = 'document.applied' ORDER BY position").pluck().all() as string[])
  .map((payload) => JSON.parse(payload) as { document: string; revision: number; outcome: string }).map(({ document, revision, outcome }) => `${document} ${revision} ${outcome}`);

describe("HQ's catalogue", () => {
  it('goes before the file, from when it is applied on, and over restarts; the file is what a kiosk starts with', () => {
    writeFile(catalogueOf(1));
    const { keeper, catalogues, reader } = start();
    expect(catalogues.current().revision).toBe(1);
    const tea = { ...rigCatalogue.offers[0]!, id: 'new-tea', barcode: undefined };
    arrives('catalogue', 7, catalogueOf(20, [...rigCatalogue.offers, tea]));
    expect([catalogues.refresh(), catalogues.current().revision]).toEqual([false, 1]);
    expect(keeper.applyWaiting()).toEqual(['catalogue']);
    expect([catalogues.refresh(), catalogues.current().revision, reader.available().get('new-tea')]).toEqual([true, 20, 40]);
    writeFile(catalogueOf(3));
    expect([catalogues.refresh(), catalogues.current().revision]).toEqual([false, 20]);
    expect([start().catalogues.current().revision, start().reader.lastCatalogue()?.revision]).toEqual([20, 20]);
  });

  it('does without any file', () => {
    writeFile(catalogueOf(1));
    arrives('catalogue', 7, catalogueOf(20));
    start().keeper.applyWaiting();
    fs.rmSync(file);
    expect(start().catalogues.current().revision).toBe(20);
    expect(errors).toEqual([]);
  });
});

describe("HQ's documents", () => {
  beforeEach(() => writeFile(catalogueOf(1)));

  it('come into force together with their events, in one transaction, or not at all', () => {
    const { keeper } = start();
    arrives('sold_out', 3, { offerIds: ['cola'] });
    arrives('texts', 2, { help: { zh: '帮助', en: 'Help' } });
    arrives('catalogue', 9, catalogueOf(2));
    database.exec("CREATE TRIGGER full BEFORE INSERT ON outbox WHEN NEW.kind = 'document.applied' AND NEW.payload LIKE '%texts%' BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
    expect(() => keeper.applyWaiting()).toThrow('the disk is full');
    expect([keeper.current('catalogue'), [...keeper.soldOut()], start().reader.lastCatalogue()?.revision, told()]).toEqual([undefined, [], 1, []]);
    database.exec('DROP TRIGGER full');
    expect(keeper.applyWaiting()).toEqual(['catalogue', 'sold_out', 'texts']);
    expect([keeper.current('catalogue')?.revision, [...keeper.soldOut()], keeper.current('texts')?.['help']?.en]).toEqual([2, ['cola'], 'Help']);
    expect(told()).toEqual(['catalogue 9 applied', 'sold_out 3 applied', 'texts 2 applied']);
    expect(keeper.applyWaiting()).toEqual([]);
  });

  it('that break their schema are refused by themselves, and what was there stays', () => {
    const { keeper } = start();
    arrives('sold_out', 3, { offerIds: ['cola'] });
    keeper.applyWaiting();
    arrives('sold_out', 4, { offerIds: 'all' });
    arrives('planogram', 1, { slots: [{ slot: '1', offerId: 'cola', par: 5, capacity: 9 }] });
    expect(keeper.applyWaiting()).toEqual(['planogram']);
    expect([[...keeper.soldOut()], [...start().keeper.soldOut()]]).toEqual([['cola'], ['cola']]);
    expect(told()).toEqual(['sold_out 3 applied', 'sold_out 4 refused', 'planogram 1 applied']);
    expect(errors).toMatchObject([expect.stringContaining('DOCUMENT_REFUSED')]);
  });

  it('that this version cannot read any more are said, and the kiosk sells on by what it has', () => {
    arrives('sold_out', 3, { offerIds: ['cola'] });
    start().keeper.applyWaiting();
    database.exec(`UPDATE documents SET text = '{"offers":[]}'`);
    expect([...start().keeper.soldOut()]).toEqual([]);
    expect(errors).toMatchObject([expect.stringContaining('DOCUMENT_REFUSED')]);
  });

  it('what sync has refused is told to HQ at the next occasion', () => {
    const { keeper } = start();
    createDocumentInbox(database).noteRefused({ kind: 'staff', revision: 2, sha256: '2'.repeat(64), detail: 'it is no JSON' });
    expect([keeper.applyWaiting(), keeper.applyWaiting(), told()]).toEqual([[], [], ['staff 2 refused']]);
  });
});

describe("HQ's configuration", () => {
  const file = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, '../../config/kiosk.json'), 'utf8')) as object;
  const config = kioskConfigSchema.parse({ ...file, brand: { ground: 'light', colours: { brand: '#006241' }, logoFile: 'logo.svg' } });

  it("lies over the file's: what it does not set stays the file's, and devices always do", () => {
    expect(withHqConfig(config, undefined)).toBe(config);
    expect(withHqConfig(config, { maxOrderTotal: 900, defaultLanguage: 'en' })).toEqual({ ...config, defaultLanguage: 'en', maxOrderTotal: 900 });
  });

  it('sets the brand but for the logo, which is a file of the machine, and help and dining', () => {
    const help = { phone: '4008', onDuty: [{ from: '08:00', to: '20:00' }] };
    const dining = { offered: ['take_away' as const], preselected: 'take_away' as const };
    expect(withHqConfig(config, { brand: { ground: 'dark' }, help, dining })).toEqual({ ...config, brand: { ground: 'dark', logoFile: 'logo.svg' }, help, dining });
  });

  it('with colours that cannot be told apart is refused whole, with the pair and its ratio', () => {
    writeFile(catalogueOf(1));
    const { keeper } = start();
    arrives('config', 3, { brand: { ground: 'light', colours: { brand: '#ffe14d', onBrand: '#ffffff' } } });
    expect(keeper.applyWaiting()).toEqual([]);
    expect(keeper.current('config')).toBeUndefined();
    expect([told(), errors]).toEqual([['config 3 refused'], [expect.stringMatching(/onBrand #ffffff on brand #ffe14d has a contrast of 1\.\d\d:1, and needs 4\.5:1/)]]);
  });
});

it('what rests until a time is known with it, and is sold by what is in force', () => {
  writeFile(catalogueOf(1));
  const { keeper } = start();
  arrives('sold_out', 2, { offerIds: ['cola'], snoozed: [{ offerId: 'umbrella', until: 9_000_000 }] });
  keeper.applyWaiting();
  expect([[...keeper.soldOut()], [...keeper.snoozed()]]).toEqual([['cola'], [['umbrella', 9_000_000]]]);
  arrives('sold_out', 3, { offerIds: [] });
  keeper.applyWaiting();
  expect([keeper.soldOut().size, keeper.snoozed().size]).toEqual([0, 0]);
});
