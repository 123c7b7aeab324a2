import { describe, expect, it } from 'vitest';
import { oncePer } from './once-per.ts';

describe('what is reckoned once for each thing', () => {
  it('is made once for each, also where nothing comes of it, and anew for an equal one', () => {
    let made = 0;
    const first = oncePer(({ names }: { readonly names: readonly string[] }) => {
      made += 1;
      return names[0];
    });
    const [one, equal, none] = [{ names: ['tea'] }, { names: ['tea'] }, { names: [] }];
    expect([first(one), first(one), first(equal), first(none), first(none)]).toEqual(['tea', 'tea', 'tea', undefined, undefined]);
    expect(made).toBe(3);
  });
});
