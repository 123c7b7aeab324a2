import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import MiniSearch from 'minisearch';
import { pinyin } from 'pinyin-pro';
import { createSearchIndex } from '../renderer/search/search-index.ts';
import { searchOffers } from '../renderer/search/testing/offers.ts';
import { queriesOf, queryKinds } from '../renderer/search/testing/queries.ts';
import { machine, milliseconds, printTable, quantile } from './figures.ts';

/**
 * Search over 10,000 offers as it runs in the page's worker. Beside it, in turns in the same run and for the same queries: a plain scan with `includes` over
 * names, pinyin, initials and English (which forgives no mistake), and MiniSearch over character pairs with fields of pinyin.
 * `node bench/search.ts --offers 10000 --queries 300`
 */
const { values } = parseArgs({ options: { offers: { type: 'string', default: '10000' }, queries: { type: 'string', default: '300' } } });
const offers = searchOffers(Number(values.offers));
const many = Number(values.queries);
/** Of a whole name the first answers count; of a part, all that were asked for. */
const [first, all] = [20, 10_000];

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heap = () => {
  collect();
  return process.memoryUsage().heapUsed / 1_048_576;
};

console.log(`search: ${offers.length} offers, ${many} queries of each kind; ${machine()}`);
const empty = heap();
const began = performance.now();
const index = createSearchIndex(offers);
const builtMs = performance.now() - began;
const built = heap();

const syllables = (text: string) => pinyin(text, { type: 'array', toneType: 'none', v: true });
const lines = offers.map(({ id, zh, en }) => ({ id, text: [zh, syllables(zh).join(''), syllables(zh).map((syllable) => syllable.charAt(0)).join(''), en.toLowerCase()].join('\n') }));
const mini = createMini();

const contenders: readonly { readonly name: string; search(query: string, limit: number): readonly string[] }[] = [
  { name: 'ours', search: (query, limit) => index.search(query, limit).ids },
  { name: 'scan', search: (query, limit) => lines.filter(({ text }) => text.includes(query)).slice(0, limit).map(({ id }) => id) },
  { name: 'MiniSearch', search: (query, limit) => mini.search(query.toLowerCase()).slice(0, limit).map(({ id }) => String(id)) },
];

const rows: string[][] = [['kind of query', ...contenders.flatMap(({ name }) => [`${name} p50`, 'p99', 'found'])]];
const times: number[][] = contenders.map(() => []);
for (const kind of queryKinds) {
  const queries = queriesOf(kind, offers, many);
  const limit = kind.whole ? first : all;
  const own: number[][] = contenders.map(() => []);
  const found = contenders.map(() => 0);
  for (const { query, id } of queries) {
    for (const [at, contender] of contenders.entries()) {
      const start = performance.now();
      const ids = contender.search(query, limit);
      own[at]!.push(performance.now() - start);
      if (ids.includes(id)) found[at]! += 1;
    }
  }
  rows.push([kind.name, ...own.flatMap((values_, at) => [milliseconds(quantile(values_, 0.5)), milliseconds(quantile(values_, 0.99)), `${((found[at]! / many) * 100).toFixed(1)} %`])]);
  for (const [at, values_] of own.entries()) times[at]!.push(...values_);
}
/** As it is typed: each beginning of a name's pinyin, from its first letter. */
const typed = queriesOf(queryKinds.find(({ name }) => name === 'pinyin')!, offers, many / 4).flatMap(({ query }) => Array.from({ length: Math.min(query.length, 12) }, (_, at) => query.slice(0, at + 1)));
const asTyped = contenders.map(({ search }) => typed.map((query) => {
  const start = performance.now();
  search(query, 200);
  return performance.now() - start;
}));
rows.push(['letter by letter (200 answers)', ...asTyped.flatMap((values_) => [milliseconds(quantile(values_, 0.5)), milliseconds(quantile(values_, 0.99)), ''])]);
rows.push(['all kinds', ...times.flatMap((values_) => [milliseconds(quantile(values_, 0.5)), milliseconds(quantile(values_, 0.99)), ''])]);
printTable(rows);
console.log(`  ours to scan: p50 ${(quantile(times[0]!, 0.5) / quantile(times[1]!, 0.5)).toFixed(2)}, p99 ${(quantile(times[0]!, 0.99) / quantile(times[1]!, 0.99)).toFixed(2)}`);
const before = heap();
for (let round = 0; round < 20; round += 1) for (const query of typed) index.search(query, 200);
console.log(`  index: built in ${milliseconds(builtMs)} ms, ${(built - empty).toFixed(1)} MB; ${typed.length * 20} searches later ${(heap() - before).toFixed(1)} MB more`);
console.log(`  afterwards: ${machine()}`);

function createMini(): MiniSearch {
  const made = new MiniSearch({
    fields: ['zh', 'pinyin', 'initials', 'en'],
    tokenize: (text, field) => (field === 'en' || (field === undefined && !/\p{Script=Han}/u.test(text)) ? text.toLowerCase().split(/[\s-]+/) : field === 'zh' || field === undefined ? pairs(text) : text.split(' ')),
    searchOptions: { prefix: true, fuzzy: 0.2, combineWith: 'OR' },
  });
  made.addAll(offers.map(({ id, zh, en }) => {
    const own = syllables(zh);
    return { id, zh, en, pinyin: own.map((_, at) => own.slice(at).join('')).join(' '), initials: own.map((_, at) => own.slice(at).map((syllable) => syllable.charAt(0)).join('')).join(' ') };
  }));
  return made;
}

function pairs(text: string): string[] {
  return text.length < 2 ? [text] : Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2));
}
