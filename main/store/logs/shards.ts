import type { Database } from 'better-sqlite3';

/** Ids of one text index: some 4 MB, which go as a whole when the last of its entries has gone. A small one is cheap to merge, too. */
export const shardSize = 16_384;

export function shardOf(id: number): number {
  return Math.floor(id / shardSize);
}

/** The text that is looked through: what a person reads of a line. The same in the index and in the check of what it finds. */
export const textColumns = "lower(message || ' ' || coalesce(event, '') || ' ' || coalesce(code, '') || ' ' || source || ' ' || coalesce(order_id, '') || ' ' || coalesce(fields, ''))";

/** Newest first. */
export function shardsOf(database: Database): number[] {
  return database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'text_[0-9]*' AND sql LIKE 'CREATE VIRTUAL%'")
    .pluck().all()
    .map((name) => Number(name.slice('text_'.length)))
    .sort((left, right) => right - left);
}

/**
 * Groups of three characters of any script (FTS5's trigram tokenizer), without positions and without the text itself: a fifth of the size. That the groups of a
 * word stand beside each other is checked on the line.
 */
export function createShard(database: Database, shard: number): void {
  database.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS text_${shard} USING fts5 (text, content = '', columnsize = 0, detail = none, tokenize = 'trigram')`);
}

export function dropShard(database: Database, shard: number): void {
  database.exec(`DROP TABLE IF EXISTS text_${shard}`);
}

/** @param word lower case; @returns the query of its groups; undefined where it is too short for one */
export function matchOf(word: string): string | undefined {
  const characters = [...word];
  if (characters.length < 3) return undefined;
  const groups = new Set(characters.slice(2).map((_, index) => characters.slice(index, index + 3).join('')));
  return [...groups].slice(0, maxGroups).map((group) => `"${group.replaceAll('"', '""')}"`).join(' AND ');
}

/** More make it slower and find the same. */
const maxGroups = 12;
