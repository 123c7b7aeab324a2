/** What a text breaks of the rules that let one SQL run on PostgreSQL and on Citus. */
export interface Violation {
  readonly rule: SqlRule;
  readonly detail: string;
}

export type SqlRule =
  | 'key without kiosk_id' | 'unique across kiosks' | 'numbers of its own' | 'trigger or function' | 'foreign key' | 'volatile function' | 'recursive over facts'
  | 'uncounted upsert' | 'join without kiosk_id' | 'change across kiosks' | 'lock across kiosks' | 'cursor by max' | 'rows out of json' | 'table of no kind';

export interface Tables {
  readonly reference: readonly string[];
  readonly facts: readonly string[];
}

const volatile = /\b(now|current_timestamp|localtimestamp|clock_timestamp|statement_timestamp|transaction_timestamp|random|gen_random_uuid|uuidv7|uuidv4)\b\s*(\(|(?<=stamp)\b)/;

/** Of one statement, or a piece of one, as `sqlTextsOf` gives it. */
export function violationsOf(text: string, { reference, facts }: Tables): readonly Violation[] {
  const violations: Violation[] = [];
  const add = (rule: SqlRule, detail: string) => violations.push({ rule, detail });
  const isFact = (table: string) => facts.includes(table);
  const used = [...text.matchAll(/\b(?:from|join|update|using)\s+(?:only\s+)?([a-z_]+)\b/g)].map(([, table = '']) => table);
  const usedFacts = used.filter(isFact);
  const boundKiosks = [...text.matchAll(/\bkiosk_id\s*(=|in\b)|\(kiosk_id,[^)]*\)\s*(=|in\b)|using\s*\(\s*kiosk_id\b/g)].length;

  const created = /^create table (?:if not exists )?([a-z_]+) ?\((.*)\)$/.exec(text);
  if (created) {
    const [, table = '', body = ''] = created;
    if (!isFact(table) && !reference.includes(table)) add('table of no kind', table);
    if (isFact(table)) {
      const key = /\bprimary key \(([^)]*)\)/.exec(body)?.[1] ?? /(?:^|,) ?([a-z_]+) [^,]*\bprimary key\b/.exec(body)?.[1] ?? '';
      if (!names(key).includes('kiosk_id')) add('key without kiosk_id', `${table} (${key})`);
      for (const [, columns = ''] of body.matchAll(/\bunique ?\(([^)]*)\)/g)) if (!names(columns).includes('kiosk_id')) add('unique across kiosks', `${table} (${columns})`);
      for (const [, column = ''] of body.matchAll(/(?:^|,) ?([a-z_]+) [^,(]*\bunique\b(?! ?\()/g)) if (column !== 'kiosk_id') add('unique across kiosks', `${table} (${column})`);
    }
  }
  const unique = /^create unique index .*?\bon ([a-z_]+) (?:using [a-z]+ )?\((.*?)\)(?: where|$)/.exec(text);
  if (unique && isFact(unique[1] ?? '') && !names(unique[2] ?? '').includes('kiosk_id')) add('unique across kiosks', `${unique[1]} (${unique[2]})`);
  if (/^(create|alter) table/.test(text)) {
    if (/\b(small|big)?serial\b|\bgenerated (always|by default)( on null)? as identity\b|\bnextval\b/.test(text)) add('numbers of its own', text.slice(0, 80));
    if (/\breferences\b|\bforeign key\b/.test(text)) add('foreign key', text.slice(0, 80));
  }
  if (/^create sequence\b/.test(text)) add('numbers of its own', text.slice(0, 80));
  if (/^create (or replace )?(constraint )?(trigger|rule|function|procedure)\b/.test(text)) add('trigger or function', text.slice(0, 80));
  const isPlpgsql = /\blanguage plpgsql\b/.test(text);
  if (!isPlpgsql && volatile.test(text)) add('volatile function', volatile.exec(text)?.[0] ?? '');
  if (/\bwith recursive\b/.test(text) && usedFacts.length > 0) add('recursive over facts', usedFacts.join(', '));
  if (/\binsert into\b/.test(text) && /\bselect\b/.test(text.replace(/\bon conflict\b.*/, '')) && /\bon conflict\b/.test(text) && !/\breturning\b/.test(text)) add('uncounted upsert', text.slice(0, 80));
  if (/\b(json|jsonb)_(to|populate)_recordset\b/.test(text)) add('rows out of json', text.slice(0, 80));
  if (/\bmax ?\( ?(?:[a-z_]+\.)?(sequence|revision|epoch|number)\b/.test(text)) add('cursor by max', text.slice(0, 80));
  if (usedFacts.length > 1 && boundKiosks < usedFacts.length - 1) add('join without kiosk_id', usedFacts.join(', '));
  const changed = /^(?:with\b.*?\) )?(?:update|delete from) (?:only )?([a-z_]+)\b/.exec(text)?.[1];
  // A migration changes every row, once, before the database is distributed or by many workers at once: that is no work of each day.
  if (changed && isFact(changed) && boundKiosks === 0) add('change across kiosks', changed);
  if (/\bfor (no key )?update\b/.test(text) && usedFacts.length > 0 && boundKiosks === 0) add('lock across kiosks', usedFacts.join(', '));
  return violations;
}

/** "kiosk_id, event_id desc" */
function names(list: string): readonly string[] {
  return list.split(',').map((name) => name.trim().split(/\s/)[0] ?? '');
}
