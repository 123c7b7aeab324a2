import type { CDPSession, Locator, Page } from '@playwright/test';

/** How a page is measured from outside, through the debugging protocol: the kiosk's page and the empty one alike. */
export interface Throttled {
  readonly session: CDPSession;
  release(): Promise<void>;
}

/** The page's own thread so many times slower than it is; other threads and processes keep their speed. */
export async function throttle(page: Page, times: number): Promise<Throttled> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: times });
  return {
    session,
    async release() {
      await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
      await session.detach();
    },
  };
}

interface Measuring {
  taken?: Promise<number>;
  frames?: Promise<number[]>;
}

/** Milliseconds from a finger's lifting to the end of the page's next frame, its style, layout and painting with it. Done to a touch, as a finger does it. */
export async function tap(page: Page, session: CDPSession, target: Locator): Promise<number> {
  // What still moves into its place would be missed.
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  if (!box) throw new Error(`nothing to tap: ${String(target)}`);
  await page.evaluate(() => {
    (window as unknown as Measuring).taken = new Promise<number>((resolve, reject) => {
      let liftedAt = 0;
      window.addEventListener('pointerup', (event) => (liftedAt = event.timeStamp), { once: true, capture: true });
      window.addEventListener('click', () => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now() - liftedAt);
        requestAnimationFrame(() => channel.port2.postMessage(undefined));
      }, { once: true, capture: true });
      setTimeout(() => reject(new Error('a tap was no click')), 10_000);
    });
  });
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  return page.evaluate(() => (window as unknown as Measuring).taken as Promise<number>);
}

/** A finger that scrolls through a list, screen after screen; answers how long each of the page's frames took meanwhile. */
export async function scrollFrames(page: Page, session: CDPSession, list: Locator, seconds: number): Promise<number[]> {
  const box = await list.boundingBox();
  if (!box) throw new Error('there is no list to scroll');
  await page.evaluate((ms) => {
    (window as unknown as Measuring).frames = new Promise<number[]>((resolve) => {
      const gaps: number[] = [];
      const begun = performance.now();
      let before = begun;
      const look = () => {
        const now = performance.now();
        gaps.push(now - before);
        before = now;
        if (now - begun < ms) requestAnimationFrame(look);
        else resolve(gaps.slice(1));
      };
      requestAnimationFrame(look);
    });
  }, seconds * 1000);
  const ends = performance.now() + seconds * 1000;
  while (performance.now() < ends) {
    await session.send('Input.synthesizeScrollGesture', { x: box.x + box.width / 2, y: box.y + Math.min(box.height, 1200) - 60, yDistance: -900, speed: 2400, gestureSourceType: 'touch', preventFling: false });
  }
  return page.evaluate(() => (window as unknown as Measuring).frames as Promise<number[]>);
}

/** One search, in milliseconds: in the worker alone, until the page has the answer, and until it is on the screen. */
export interface SearchTime {
  readonly inWorker: number;
  readonly answered: number;
  readonly shown: number;
}

interface Watched {
  searches?: { readonly id: number; readonly at: number; answered?: number; shown?: number }[];
  inWorker?: Record<number, number>;
}

/** Types each query whole, and listens on both sides of the worker's line for how long its answer took. */
export async function searchTimes(page: Page, field: Locator, queries: readonly string[]): Promise<SearchTime[]> {
  const worker = page.workers()[0];
  if (!worker) throw new Error('there is no search worker');
  await worker.evaluate(() => {
    const scope = globalThis as unknown as Watched & { onmessage: (event: MessageEvent) => void };
    if (scope.inWorker) return;
    const inWorker: Record<number, number> = {};
    scope.inWorker = inWorker;
    const take = scope.onmessage;
    scope.onmessage = (event) => {
      const begun = performance.now();
      take(event);
      if (event.data.kind === 'query') inWorker[event.data.id] = performance.now() - begun;
    };
  });
  await page.evaluate(() => {
    const watched = window as unknown as Watched;
    const isHooked = watched.searches !== undefined;
    watched.searches = [];
    if (isHooked) return;
    const post = Worker.prototype.postMessage;
    const heard = new WeakSet<Worker>();
    Worker.prototype.postMessage = function postAndWatch(this: Worker, message: { kind: string; id: number }, ...rest: []) {
      if (message.kind === 'query') {
        watched.searches!.push({ id: message.id, at: performance.now() });
        if (!heard.has(this)) {
          this.addEventListener('message', ({ data }) => {
            const search = watched.searches!.find(({ id }) => id === data.id);
            if (!search) return;
            search.answered = performance.now() - search.at;
            const channel = new MessageChannel();
            channel.port1.onmessage = () => (search.shown = performance.now() - search.at);
            requestAnimationFrame(() => channel.port2.postMessage(undefined));
          });
        }
        heard.add(this);
      }
      return post.call(this, message, ...rest);
    };
  });
  for (const [at, query] of queries.entries()) {
    await field.fill(query);
    await page.waitForFunction((wanted) => {
      const { searches = [] } = window as unknown as Watched;
      return searches.length >= wanted && searches.at(-1)?.shown !== undefined;
    }, at + 1);
  }
  const [searches, inWorker] = await Promise.all([page.evaluate(() => (window as unknown as Watched).searches ?? []), worker.evaluate(() => (globalThis as Watched).inWorker ?? {})]);
  return searches.flatMap(({ id, answered, shown }) => (answered === undefined || shown === undefined ? [] : [{ inWorker: inWorker[id] ?? Number.NaN, answered, shown }]));
}

/** What the page holds after its rubbish is collected. */
export async function heapOf(page: Page): Promise<{ readonly megabytes: number; readonly nodes: number; readonly listeners: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  await session.detach();
  return { megabytes: usedSize / 1e6, nodes, listeners: jsEventListeners };
}
