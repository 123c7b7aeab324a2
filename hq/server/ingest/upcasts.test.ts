import { describe, expect, test } from 'vitest';
import { createStory, asOlder } from '../testing/story.ts';
import { testKiosk, testNow } from '../testing/hq.ts';
import { understand } from './understand.ts';
import { upcast } from './upcasts.ts';

const story = createStory(testKiosk);
story.order({ offers: [['latte', 2], ['topUp', 1], ['umbrella', 1]], ending: 'fulfilled', at: testNow });

describe('events of older kiosks', () => {
  test.each([1, 2] as const)('of version %i say the same as those of today', (version) => {
    for (const [index, event] of asOlder(story.events, version).entries()) {
      const [older, today] = [understand(event), understand(story.events[index]!)];
      expect(older.ok && today.ok).toBe(true);
      if (!older.ok || !today.ok) continue;
      expect(older.value.body).toEqual(today.value.body);
    }
  });

  test('whose service had no number ask for nothing', () => {
    const { json } = upcast('service.requested', 2, { jobId: 'j', phone: '' }) ?? {};
    expect(json).toEqual({ jobId: 'j', form: {} });
  });

  test.each([[null], [7], ['x'], [[]], [{}], [{ order: 3 }], [{ phone: 4 }]])('of no shape that was ever one are left to the schema: %j', (json) => {
    expect(upcast('order.placed', 1, json)).toBeDefined();
    expect(upcast('service.requested', 1, json)).toEqual({ json });
    expect(understand({ ...story.events[0]!, kind: 'order.placed', version: 2, payload: JSON.stringify(json) })).toMatchObject({ ok: false, error: { reason: 'breaks_schema' } });
  });

  test('newer than this HQ, and of a version that never was, have no way here', () => {
    expect([upcast('order.placed', 4, {}), upcast('order.placed', 0, {}), upcast('order.state', 2, {})]).toEqual([undefined, undefined, undefined]);
  });
});
