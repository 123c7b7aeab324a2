import { catalogueSchema } from '../../../domain/catalogue/catalogue.ts';
import { sentPictureOf, sentPicturesIn } from '../../../domain/contract/hq-pictures.ts';
import {
  cancelPlanned, changeDraft, dropDraft, publishDraft, readCatalogueScopes, readDifference, readDraft, readHistory, readSoldOut, replaceDraft, rollBack, setSoldOut, withdrawCatalogue,
} from '../../contract/api/catalogue.ts';
import { catalogueDifference } from '../../contract/catalogue/difference.ts';
import type { SignedIn } from '../api/account.ts';
import type { Api } from '../api/serve.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Sql, Transaction } from '../database.ts';
import { cancelPlan, listPlans, plan } from '../down/planned.ts';
import type { Published, PublishError, Scope, Signer } from '../down/publish.ts';
import { lockRevision, publishIn, withdraw } from '../down/publish.ts';
import { pictureRoutes } from '../pictures/routes.ts';
import { knownPictures } from '../pictures/store.ts';
import type { Result } from '../../../domain/result.ts';
import { changeDraftParts, lockDraft, readDraftOf, replaceDraftOf } from './drafts.ts';
import { readChanges, readRevisionText, readRevisions } from './history.ts';
import type { Applied } from './in-force.ts';
import { createOfferNames, looseOf, readApplied, withRevision } from './in-force.ts';
import { knownScope, nameOfScope, readPlaces } from './places.ts';
import { changeSoldOut, readRests } from './sold-out.ts';

export interface CatalogueDeps {
  readonly sql: Sql;
  readonly now: () => number;
  readonly signingKey: Signer;
}

const shownRevisions = 50;
const shownOffers = 60;

/** Drafts, publications, history, and what is off sale. */
export function catalogueRoutes(api: Api, { sql, now, signingKey: signer }: CatalogueDeps): void {
  const names = createOfferNames(sql);
  pictureRoutes(api, { sql, now });

  api.serve(readCatalogueScopes, async () => {
    const places = await readPlaces(sql);
    const documents = await sql<(Omit<Applied, 'text'>)[]>`
      select distinct on (scope) scope, revision, published_at as "publishedAt", published_by as "publishedBy" from documents
      where kind = 'catalogue' and withdrawn_at is null order by scope, revision desc`;
    const drafts = await sql<{ scope: Scope; version: number; changedAt: number; changedBy: string }[]>`
      select scope, version, changed_at as "changedAt", changed_by as "changedBy" from catalogue_drafts`;
    const scopes = [...new Set<Scope>(['all', ...documents.map(({ scope }) => scope), ...drafts.map(({ scope }) => scope)])];
    return {
      ...places,
      scopes: scopes.map((scope) => {
        const draft = drafts.find((one) => one.scope === scope);
        return {
          scope, name: nameOfScope(places, scope), inForce: documents.find((one) => one.scope === scope) ?? null,
          draft: draft ? { version: draft.version, changedAt: draft.changedAt, changedBy: draft.changedBy } : null,
        };
      }),
    };
  });

  api.serve(readDraft, async ({ query }) => {
    const scope = knownScope(await readPlaces(sql), query.scope);
    const [draft, applied] = await Promise.all([readDraftOf(sql, scope), readApplied(sql, 'catalogue', scope)]);
    const inForce = applied && { revision: applied.revision, scope: applied.scope, publishedAt: applied.publishedAt, publishedBy: applied.publishedBy, catalogue: looseOf(applied.text) as Record<string, unknown> };
    return {
      scope, catalogue: draft ? (looseOf(draft.text) as Record<string, unknown>) : (inForce?.catalogue ?? null), version: draft?.version ?? 0,
      changedAt: draft?.changedAt ?? null, changedBy: draft?.changedBy ?? null, inForce: inForce ?? null,
    };
  });

  api.serve(changeDraft, async ({ body, account, note }) => {
    const scope = knownScope(await readPlaces(sql), body.scope);
    const at = now();
    note(`${scope}: ${body.changes.map((change) => ('id' in change ? `${change.part} ${change.id}` : change.part)).join(', ')}`);
    return { version: await changeDraftParts(sql, scope, body.version, body.changes, { by: nameOf(account), now: at }), changedAt: at };
  });

  api.serve(replaceDraft, async ({ body, account, note }) => {
    const scope = knownScope(await readPlaces(sql), body.scope);
    note(`${scope}: the whole of it`);
    return { version: await replaceDraftOf(sql, scope, body.version, body.catalogue, { by: nameOf(account), now: now() }) };
  });

  api.serve(dropDraft, async ({ body, note }) => {
    note(body.scope);
    await sql.begin(async (transaction) => {
      await lockDraft(transaction, body.scope as Scope, body.version);
      await transaction`delete from catalogue_drafts where scope = ${body.scope}`;
    });
    return {};
  });

  api.serve(publishDraft, async ({ body, account, note }) => {
    const scope = knownScope(await readPlaces(sql), body.scope);
    const by = nameOf(account);
    const at = body.at !== undefined && body.at > now() ? body.at : undefined;
    return sql.begin(async (transaction) => {
      const draft = await lockDraft(transaction, scope, body.version);
      // What is in force is looked at while nobody else publishes: of two who saw the same one the second is told of the first.
      await lockRevision(transaction, 'catalogue');
      const applied = await readApplied(transaction, 'catalogue', scope);
      ensureSeen(applied, body.over);
      ensureWhole(draft.text);
      await ensurePictures(transaction, draft.text);
      if (applied && catalogueDifference(looseOf(applied.text), looseOf(draft.text)).length === 0) throw new ApiRefusal('HQ_INVALID', 'nothing is changed', { kind: 'unchanged' });
      if (at !== undefined) {
        note(`${scope}: at ${new Date(at).toISOString()}`);
        return { revision: null, publicationId: await plan(transaction, { kind: 'catalogue', scope, text: draft.text, at, by, now: now(), over: applied?.revision ?? 0 }) };
      }
      const { revision } = taken(await publishIn(transaction, { kind: 'catalogue', scope, text: withRevision('catalogue', draft.text), signer, by, now: now() }));
      await transaction`delete from catalogue_drafts where scope = ${scope}`;
      note(`${scope}: revision ${revision}`);
      return { revision, publicationId: null };
    });
  });

  api.serve(rollBack, async ({ body, account, note }) => {
    const scope = knownScope(await readPlaces(sql), body.scope);
    return sql.begin(async (transaction) => {
      await lockRevision(transaction, 'catalogue');
      const { text } = await readRevisionText(transaction, body.revision);
      ensureSeen(await readApplied(transaction, 'catalogue', scope), body.over);
      ensureWhole(text);
      await ensurePictures(transaction, text);
      const { revision } = taken(await publishIn(transaction, { kind: 'catalogue', scope, text: withRevision('catalogue', text), signer, by: nameOf(account), now: now() }));
      note(`${scope}: revision ${body.revision} again, as ${revision}`);
      return { revision };
    });
  });

  api.serve(withdrawCatalogue, async ({ body, account, note }) => {
    if (body.scope === 'all') throw new ApiRefusal('HQ_INVALID', 'what is for all cannot be withdrawn: publish another one');
    const scope = body.scope as Exclude<Scope, 'all'>;
    const withdrawn = await withdraw(sql, { kind: 'catalogue', scope, over: body.over, signer, by: nameOf(account), now: now() });
    if (withdrawn === 'none') throw new ApiRefusal('HQ_NOT_FOUND', `${scope.replace(':', ' ')} has none of its own`);
    if (withdrawn === 'changed') throw changedMeanwhile(await readApplied(sql, 'catalogue', scope));
    note(body.scope);
    return { revision: withdrawn.revision ?? null };
  });

  api.serve(readHistory, async ({ query }) => {
    const places = await readPlaces(sql);
    const [rows, plans] = await Promise.all([readRevisions(sql, query.scope as Scope | undefined, query.before, shownRevisions + 1), query.before === undefined ? listPlans(sql, 'catalogue') : []]);
    return {
      revisions: rows.slice(0, shownRevisions).map((row) => ({ ...row, name: nameOfScope(places, row.scope) })),
      more: rows.length > shownRevisions,
      planned: plans.filter(({ scope }) => query.scope === undefined || scope === query.scope).map(({ kind: _kind, ...row }) => ({ ...row, name: nameOfScope(places, row.scope) })),
    };
  });

  api.serve(readDifference, async ({ query }) => {
    const { from, changes } = await readChanges(sql, query.to, query.from);
    return { from, to: query.to, changes: changes.map((change) => ({ ...change, fields: change.fields.map(({ path, before, after }) => ({ path: [...path], before: before ?? null, after: after ?? null })) })) };
  });

  api.serve(cancelPlanned, async ({ params }) => {
    if (!(await cancelPlan(sql, params.publication, now()))) throw new ApiRefusal('HQ_NOT_FOUND', 'it waits no more: it was published or cancelled');
    return {};
  });

  api.serve(readSoldOut, async ({ query }) => {
    const [places, rests, offers] = await Promise.all([readPlaces(sql), readRests(sql, now()), names.read()]);
    const wanted = query.search?.trim().toLowerCase() ?? '';
    const fits = (offerId: string) => {
      const name = offers.get(offerId)?.name;
      return [offerId, name?.zh ?? '', name?.en ?? ''].some((text) => text.toLowerCase().includes(wanted));
    };
    const resting = new Set(rests.map(({ offerId }) => offerId));
    const ids = [...resting, ...(wanted === '' ? [] : [...offers.keys()].filter((id) => !resting.has(id)))].filter(fits);
    return {
      offers: ids.slice(0, shownOffers).map((offerId) => ({
        offerId, name: offers.get(offerId)?.name ?? null,
        rests: rests.filter((rest) => rest.offerId === offerId).map(({ scope, until }) => ({ scope, until, name: nameOfScope(places, scope) })),
      })),
      more: ids.length > shownOffers,
    };
  });

  api.serve(setSoldOut, async ({ body, account, note }) => {
    const places = await readPlaces(sql);
    const scope = knownScope(places, body.scope);
    if (body.until !== undefined && (body.isSold || body.until <= now())) throw new ApiRefusal('HQ_INVALID', 'it can rest until a time to come alone');
    const published = await changeSoldOut(sql, places, { offerId: body.offerId, scope, isSold: body.isSold, until: body.until, signer, by: nameOf(account), now: now() });
    note(`${body.offerId} ${body.isSold ? 'on sale' : 'off sale'}: ${scope}${body.until === undefined ? '' : ` until ${new Date(body.until).toISOString()}`}`);
    return { published };
  });
}

/** What a person is about to replace is what they looked at. */
function ensureSeen(applied: Applied | undefined, over: number | null): void {
  if ((applied?.revision ?? null) !== over) throw changedMeanwhile(applied);
}

/** Who was quicker, and when. */
function changedMeanwhile(applied: Applied | undefined): ApiRefusal {
  return new ApiRefusal('HQ_CHANGED_MEANWHILE', `${applied?.publishedBy ?? ''} has published meanwhile`, { revision: applied?.revision ?? null, by: applied?.publishedBy ?? '', at: applied?.publishedAt ?? 0 });
}

/** The same check as at the kiosk, with each problem at its place. */
function ensureWhole(text: string): void {
  const checked = catalogueSchema.safeParse({ ...(JSON.parse(text) as object), revision: 1 });
  if (checked.success) return;
  const problems = checked.error.issues.slice(0, 200).map(({ path, message }) => ({ path: path.map((part) => (typeof part === 'number' ? part : String(part))), message }));
  throw new ApiRefusal('HQ_INVALID', problems.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '), { problems });
}

/** Kiosks look for what is named by a hash at HQ. What has another name lies in their own folders. */
async function ensurePictures(transaction: Transaction, text: string): Promise<void> {
  const named = sentPicturesIn(looseOf(text));
  const known = await knownPictures(transaction, [...named.keys()].map((file) => sentPictureOf(file)!.sha256));
  const problems = [...named].filter(([file]) => !known.has(file)).map(([, path]) => ({ path: [...path], message: 'HQ has no such picture' }));
  if (problems.length > 0) throw new ApiRefusal('HQ_INVALID', problems.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '), { problems });
}

function taken(published: Result<Published, PublishError>): Published {
  if (published.ok) return published.value;
  throw new ApiRefusal('HQ_INVALID', published.error.kind === 'unchanged' ? `this is in force already, as revision ${published.error.revision}` : published.error.detail, { kind: published.error.kind });
}

function nameOf(account: SignedIn | undefined): string {
  if (!account) throw new Error('a publication without a person');
  return account.name;
}
