import type { DraftChange } from '../../contract/api/catalogue.ts';
import type { Loose, LooseCatalogue } from '../../contract/catalogue/difference.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Queries, Sql, Transaction } from '../database.ts';
import type { Scope } from '../down/publish.ts';
import { catalogueText, looseOf, readApplied } from './in-force.ts';

export interface Draft {
  readonly scope: Scope;
  readonly text: string;
  readonly baseRevision: number;
  /** Never one that a draft of this scope had before. */
  readonly version: number;
  /** The first of this draft. */
  readonly beganVersion: number;
  readonly touched: Readonly<Record<string, Touch>>;
  readonly changedAt: number;
  readonly changedBy: string;
}

/** Who changed a part last, in which version of the draft. */
interface Touch { readonly version: number; readonly by: string; readonly at: number }
/** Every part at once: another catalogue was put in its place. */
const wholeKey = 'whole';
interface Author { readonly by: string; readonly now: number }

export async function readDraftOf(sql: Queries, scope: Scope, isLocked = false): Promise<Draft | undefined> {
  const [row] = await sql<Draft[]>`
    select scope, text, base_revision as "baseRevision", version, began_version as "beganVersion", touched, changed_at as "changedAt", changed_by as "changedBy" from catalogue_drafts where scope = ${scope} ${isLocked ? sql`for update` : sql``}`;
  return row;
}

/**
 * Changes parts of the one draft of a scope. Two people may work on it at once: refused (HQ_CHANGED_MEANWHILE, with who and when) is only a part that
 * somebody else has changed since the version that this person saw.
 */
export async function changeDraftParts(sql: Sql, scope: Scope, version: number, changes: readonly DraftChange[], { by, now }: Author): Promise<number> {
  return sql.begin(async (transaction) => {
    const draft = await openDraft(transaction, scope, version, { by, now });
    const keys = changes.map(keyOf);
    for (const key of keys) {
      const touches = [draft.touched[key], draft.touched[wholeKey]];
      const touch = touches.find((one) => one !== undefined && one.version > version && one.by !== by);
      if (touch) throw changedMeanwhile(draft, touch, touch === touches[0] ? key : '');
    }
    const next = draft.version + 1;
    const text = catalogueText(changes.reduce(applyChange, looseOf(draft.text)));
    const touched = { ...draft.touched, ...Object.fromEntries(keys.map((key) => [key, { version: next, by, at: now }])) };
    await keepVersion(transaction, scope, next);
    await transaction`
      update catalogue_drafts set text = ${text}, version = ${next}, touched = ${transaction.json(touched as never)}, changed_at = ${now}, changed_by = ${by} where scope = ${scope}`;
    return next;
  });
}

/** Puts a whole catalogue in place of the draft: one from a file, or an older one. */
export async function replaceDraftOf(sql: Sql, scope: Scope, version: number, catalogue: object, { by, now }: Author): Promise<number> {
  return sql.begin(async (transaction) => {
    const draft = await openDraft(transaction, scope, version, { by, now });
    if (draft.version !== version && draft.changedBy !== by) throw changedMeanwhile(draft, { version: draft.version, by: draft.changedBy, at: draft.changedAt }, '');
    const next = draft.version + 1;
    await keepVersion(transaction, scope, next);
    await transaction`
      update catalogue_drafts set text = ${catalogueText(catalogue)}, version = ${next}, touched = ${transaction.json({ [wholeKey]: { version: next, by, at: now } } as never)}, changed_at = ${now}, changed_by = ${by} where scope = ${scope}`;
    return next;
  });
}

/** Refuses where it is not the version that this person saw: what others did since is not thrown away unseen. */
export async function lockDraft(transaction: Transaction, scope: Scope, version: number): Promise<Draft> {
  const draft = await readDraftOf(transaction, scope, true);
  if (!draft) throw new ApiRefusal('HQ_NOT_FOUND', 'there is no draft of it');
  if (draft.version !== version) throw changedMeanwhile(draft, { version: draft.version, by: draft.changedBy, at: draft.changedAt }, '');
  return draft;
}

const emptyCatalogue = { revision: 1, currency: 'CNY', categories: [], offers: [], promotions: [], scenes: [], questions: [] };

/** The draft, locked; begun from what applies to the scope where there is none. */
async function openDraft(transaction: Transaction, scope: Scope, version: number, { by, now }: Author): Promise<Draft> {
  const known = await readDraftOf(transaction, scope, true);
  // It was published or thrown away by somebody else while this person wrote, and perhaps another was begun since.
  if (version > 0 && (!known || version < known.beganVersion)) throw new ApiRefusal('HQ_CHANGED_MEANWHILE', 'the draft has gone: it was published, or thrown away', { version: known?.version ?? 0 });
  if (known) return known;
  const applied = await readApplied(transaction, 'catalogue', scope);
  const [last] = await transaction<{ version: number }[]>`select version from catalogue_draft_versions where scope = ${scope}`;
  const before = last?.version ?? 0;
  await transaction`
    insert into catalogue_drafts (scope, text, base_revision, version, began_version, touched, changed_at, changed_by)
    values (${scope}, ${applied?.text ?? catalogueText(emptyCatalogue)}, ${applied?.revision ?? 0}, ${before}, ${before + 1}, ${transaction.json({})}, ${now}, ${by}) on conflict (scope) do nothing`;
  const made = await readDraftOf(transaction, scope, true);
  if (!made) throw new Error('catalogue_drafts: the draft that was just made is not there');
  return made;
}

/** While the draft is locked. It outlives the draft. */
async function keepVersion(transaction: Transaction, scope: Scope, version: number): Promise<void> {
  await transaction`insert into catalogue_draft_versions (scope, version) values (${scope}, ${version}) on conflict (scope) do update set version = excluded.version`;
}

function changedMeanwhile(draft: Draft, { by, at }: Touch, part: string): ApiRefusal {
  return new ApiRefusal('HQ_CHANGED_MEANWHILE', `${by} has changed ${part === '' ? 'the draft' : part} meanwhile`, { version: draft.version, by, at, part });
}

function keyOf(change: DraftChange): string {
  return change.part === 'scenes' ? 'scenes' : change.part === 'order' ? `order ${change.of}` : `${change.part} ${change.id}`;
}

/** An entry by its id, in its place; a new one at the end. An order names the ids that are known to who orders; others stay behind them. */
export function applyChange(catalogue: LooseCatalogue, change: DraftChange): LooseCatalogue {
  if (change.part === 'scenes') return { ...catalogue, scenes: change.value };
  if (change.part === 'order') {
    const list = catalogue[change.of] ?? [];
    const byId = new Map(list.map((entry) => [String(entry['id']), entry]));
    const named = new Set(change.ids);
    return { ...catalogue, [change.of]: [...change.ids.flatMap((id) => byId.get(id) ?? []), ...list.filter((entry) => !named.has(String(entry['id'])))] };
  }
  const { part, id, value } = change;
  const list = catalogue[part] ?? [];
  const at = list.findIndex((entry) => entry['id'] === id);
  if (value === null) return { ...catalogue, [part]: list.filter((entry) => entry['id'] !== id) };
  const entry: Loose = { ...value, id };
  return { ...catalogue, [part]: at < 0 ? [...list, entry] : list.with(at, entry) };
}
