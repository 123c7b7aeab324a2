import { describe, expect, it } from 'vitest';
import catalogueFile from '../../config/catalogue.json';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import type { ToSearch } from './protocol.ts';
import type { SearchWorker } from './search-client.ts';
import { createSearchClient } from './search-client.ts';
import type { Found } from './search-index.ts';
import { createSearchService } from './search-service.ts';

const catalogue = catalogueSchema.parse(catalogueFile);

/** The worker's own service behind two queues, which the test empties by hand: what is under way is under way. */
function setUp() {
  let tasks: (() => void)[] = [];
  const workers: { readonly sent: ToSearch[]; isOver: boolean; readonly worker: SearchWorker; run(): void }[] = [];
  const client = createSearchClient({
    open() {
      const worker: SearchWorker = { onmessage: null, onerror: null, postMessage: (message) => void one.sent.push(message), terminate: () => void (one.isOver = true) };
      const take = createSearchService((data) => worker.onmessage?.({ data } as MessageEvent));
      const one = { sent: [] as ToSearch[], isOver: false, worker, run: () => { for (const message of one.sent.splice(0)) take(message); } };
      workers.push(one);
      return worker;
    },
    whenIdle(task) {
      tasks.push(task);
      return () => void (tasks = tasks.filter((candidate) => candidate !== task));
    },
  });
  const idle = () => { while (tasks.length > 0) tasks.shift()!(); };
  const answers: Found[] = [];
  return { client, workers, idle, answers, search: (query: string) => client.search(query, 5, (found) => answers.push(found)) };
}

describe('the search of the page', () => {
  it('starts no worker before there is a catalogue, and one for all searches', () => {
    const { client, workers, search } = setUp();
    search('可乐');
    expect(workers).toHaveLength(0);
    client.takeCatalogue(catalogue);
    client.takeCatalogue({ ...catalogue });
    search('可乐');
    expect(workers).toHaveLength(1);
    expect(workers[0]!.sent.filter(({ kind }) => kind === 'begin')).toHaveLength(1);
  });

  it('hands the offers over in pieces, and answers what was typed before they were there', () => {
    const { client, workers, idle, answers, search } = setUp();
    client.takeCatalogue({ ...catalogue, offers: Array.from({ length: 1000 }, (_, at) => ({ ...catalogue.offers[0]!, id: `offer-${at}` })) });
    search('冰可乐');
    workers[0]!.run();
    expect(answers).toEqual([]);
    idle();
    expect(workers[0]!.sent.filter(({ kind }) => kind === 'offers')).toHaveLength(4);
    workers[0]!.run();
    expect(answers).toMatchObject([{ exact: 1000 }]);
  });

  it.each([
    ['饮料', 'drinks'], ['drinks', 'drinks'], ['零食', 'snacks'], ['snacks', 'snacks'], ['流量', 'data'], ['coffee', 'coffee'], ['咖啡', 'coffee'], ['早餐', 'breakfast'], ['breakfast', 'breakfast'], ['送货', 'delivered'], ['delivered', 'delivered'],
  ])('finds by "%s" all that its category holds', (query, categoryId) => {
    const { client, workers, idle, answers } = setUp();
    client.takeCatalogue(catalogue);
    idle();
    client.search(query, 100, (found) => answers.push(found));
    workers[0]!.run();
    expect(answers[0]!.ids).toEqual(expect.arrayContaining(catalogue.offers.filter((offer) => offer.categoryId === categoryId).map(({ id }) => id)));
    expect(answers[0]!.similar).toBe(0);
  });

  it.each([
    ['可口可乐', 'cola'], ['coke', 'cola'], ['手机', 'top-up-50'], ['交话费', 'top-up-100'], ['recharge', 'top-up-30'], ['boba', 'bubble-tea'], ['milk tea', 'bubble-tea'], ['上网', 'data-10gb-month'], ['电话卡', 'sim-application'],
    ['phone card', 'sim-application'], ['蛋挞', 'egg-tart'], ['egg tart', 'egg-tart'],
  ])('finds by "%s", as people call it, %s', (query, id) => {
    const { client, workers, idle, answers, search } = setUp();
    client.takeCatalogue(catalogue);
    idle();
    search(query);
    workers[0]!.run();
    expect(answers[0]!.ids).toContain(id);
    expect(answers[0]!.similar).toBe(0);
  });

  it('answers the newest search alone', () => {
    const { client, workers, idle, answers, search } = setUp();
    client.takeCatalogue(catalogue);
    idle();
    search('k');
    search('kel');
    workers[0]!.run();
    expect(answers).toHaveLength(1);
    expect(answers[0]!.ids).toContain('cola');
  });

  it('searches again in a new catalogue what is still asked', () => {
    const { client, workers, idle, answers, search } = setUp();
    client.takeCatalogue(catalogue);
    idle();
    search('冰可乐');
    const renamed = catalogue.offers.map((offer) => (offer.id === 'cola' ? { ...offer, name: { zh: '苏打水', en: 'Soda' }, keywords: [] } : offer));
    client.takeCatalogue({ ...catalogue, revision: catalogue.revision + 1, offers: renamed });
    idle();
    workers[0]!.run();
    expect(answers).toHaveLength(1);
    expect(answers[0]!.ids).not.toContain('cola');
  });

  it('a newer catalogue takes the place of one that is still on its way', () => {
    const { client, workers, idle, answers, search } = setUp();
    client.takeCatalogue(catalogue);
    client.takeCatalogue({ ...catalogue, revision: catalogue.revision + 1 });
    idle();
    search('cola');
    workers[0]!.run();
    expect(answers).toHaveLength(1);
    expect(answers[0]!.ids.filter((id) => id === 'cola')).toHaveLength(1);
  });

  it('a worker that died is started again by the next search', () => {
    const { client, workers, idle, answers, search } = setUp();
    client.takeCatalogue(catalogue);
    idle();
    workers[0]!.worker.onerror?.({} as ErrorEvent);
    expect(workers[0]!.isOver).toBe(true);
    search('cola');
    idle();
    workers[1]!.run();
    expect(answers[0]!.ids).toContain('cola');
  });
});
