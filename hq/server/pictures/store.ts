import { createHash } from 'node:crypto';
import type { PictureMediaType } from '../../../domain/contract/hq-pictures.ts';
import { pictureFile } from '../../../domain/contract/hq-pictures.ts';
import type { PictureRow } from '../../contract/api/pictures.ts';
import type { Queries } from '../database.ts';
import type { Picture } from './check.ts';

interface Row { sha256: string; media_type: PictureMediaType; width: number; height: number; size: number; uploaded_at: number; uploaded_by: string }

/** Keeps a picture that was checked. What is there already stays as it was put there first. */
export async function keepPicture(sql: Queries, { mediaType, width, height, bytes }: Picture, by: string, now: number): Promise<PictureRow> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await sql`
    insert into pictures (sha256, media_type, width, height, bytes, uploaded_at, uploaded_by) values (${sha256}, ${mediaType}, ${width}, ${height}, ${bytes}, ${now}, ${by}) on conflict (sha256) do nothing`;
  const [row] = await sql<Row[]>`${rows(sql)} where sha256 = ${sha256}`;
  if (!row) throw new Error('pictures: what was just kept is not there');
  return rowOf(row);
}

/** Its bytes; undefined where HQ has none of this hash. */
export async function readPictureBytes(sql: Queries, sha256: string): Promise<{ readonly mediaType: PictureMediaType; readonly bytes: Buffer } | undefined> {
  const [row] = await sql<{ media_type: PictureMediaType; bytes: Buffer }[]>`select media_type, bytes from pictures where sha256 = ${sha256}`;
  return row && { mediaType: row.media_type, bytes: row.bytes };
}

/** Those of the files that HQ has. */
export async function knownPictures(sql: Queries, sha256s: readonly string[]): Promise<ReadonlySet<string>> {
  if (sha256s.length === 0) return new Set();
  const known = await sql<{ sha256: string; media_type: PictureMediaType }[]>`select sha256, media_type from pictures where sha256 in ${sql(sha256s)}`;
  return new Set(known.map(({ sha256, media_type: mediaType }) => pictureFile(sha256, mediaType)));
}

/** The newest first. @param before "time~hash" of the last of the page before */
export async function pagePictures(sql: Queries, before: string | undefined, limit: number): Promise<{ readonly pictures: PictureRow[]; readonly next: string | null }> {
  const [at, sha256] = before?.split('~') ?? [];
  const found = await sql<Row[]>`
    ${rows(sql)} ${at === undefined || sha256 === undefined ? sql`` : sql`where (uploaded_at, sha256) < (${Number(at)}, ${sha256})`} order by uploaded_at desc, sha256 desc limit ${limit + 1}`;
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { pictures: page.map(rowOf), next: found.length > limit && last ? `${last.uploaded_at}~${last.sha256}` : null };
}

function rows(sql: Queries) {
  return sql`select sha256, media_type, width, height, octet_length(bytes)::bigint as size, uploaded_at, uploaded_by from pictures`;
}

function rowOf({ sha256, media_type: mediaType, width, height, size, uploaded_at: uploadedAt, uploaded_by: uploadedBy }: Row): PictureRow {
  return { file: pictureFile(sha256, mediaType), mediaType, width, height, bytes: size, uploadedAt, uploadedBy };
}
