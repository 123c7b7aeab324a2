import { describe, expect, it } from 'vitest';
import { turnOf, whereIn } from './scroll-place.ts';

const list = (scrollTop: number, scrollHeight = 2500, clientHeight = 600) => ({ scrollTop, scrollHeight, clientHeight });

describe('a list by presses alone', () => {
  it('comes to its end with every line in sight on the way, and from there to its beginning', () => {
    let at = 0;
    const seen = [at];
    while (whereIn(list(at), 'more') === 'more') {
      at = Math.min(turnOf(list(at)), 2500 - 600);
      seen.push(at);
    }
    expect(seen.length).toBeGreaterThan(3);
    for (const [place, top] of seen.entries()) if (place > 0) expect(top).toBeLessThan(seen[place - 1]! + 600);
    expect([whereIn(list(at), 'more'), turnOf(list(at))]).toEqual(['end', 0]);
  });

  it('has no button while all of it is in sight, and keeps the room of one that has been there', () => {
    expect(whereIn(list(0, 600), 'none')).toBe('none');
    for (const before of ['still', 'more', 'end'] as const) expect(whereIn(list(0, 600), before)).toBe('still');
  });
});
