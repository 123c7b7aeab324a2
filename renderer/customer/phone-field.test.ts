import { describe, expect, it } from 'vitest';
import { withoutCountry } from './phone-field.tsx';

describe('a number that is typed or pasted', () => {
  it.each(['13912345678', '139 1234 5678', '+86 139 1234 5678', '0086-139-1234-5678', '8613912345678'])('%s is 13912345678', (typed) => {
    expect(withoutCountry(typed)).toBe('13912345678');
  });

  it('leaves a number that only begins alike as it is', () => {
    expect(withoutCountry('8613')).toBe('8613');
    expect(withoutCountry('139123456789')).toBe('139123456789');
  });
});
