import { describe, expect, it } from 'vitest';
import { codedError, describeError, errorRegistry } from './errors.ts';
import { describeIssues } from './issues.ts';
import { codedErrorSchema, errorCodeSchema, requests } from './kiosk.ts';
import { kioskConfigSchema } from './config.ts';

const entries = Object.entries(errorRegistry);

describe('the registry of errors', () => {
  it.each(entries)('%s is written as a code, and says in one sentence what is wrong', (code, { text, selling }) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)+$|^INTERNAL$/);
    expect(text).toMatch(/^[A-Z].{10,140}\.$/);
    expect(text).not.toContain('\n');
    expect(typeof selling).toBe('boolean');
  });

  it('says nothing twice', () => {
    expect(new Set(entries.map(([, { text }]) => text)).size).toBe(entries.length);
  });

  it('is what the border lets through, and nothing else is', () => {
    expect([...errorCodeSchema.options].sort()).toEqual(entries.map(([code]) => code).sort());
    expect(codedErrorSchema.safeParse(codedError('INTERNAL', 'x')).success).toBe(true);
    expect(codedErrorSchema.safeParse({ code: 'SOMETHING_ELSE', detail: '' }).success).toBe(false);
    expect(codedErrorSchema.safeParse({ ...codedError('INTERNAL'), stack: 'x' }).success).toBe(false);
  });

  it('stops selling where no order could be kept, and sells on where only HQ is away', () => {
    for (const code of ['STORE_FAILED', 'STORE_NOT_DURABLE', 'STORE_KEY_REJECTED', 'KEY_UNAVAILABLE', 'CONFIG_INVALID'] as const) expect(errorRegistry[code].selling).toBe(false);
    for (const code of ['HQ_UNAVAILABLE', 'CATALOGUE_INVALID', 'CONTRACT_MALFORMED'] as const) expect(errorRegistry[code].selling).toBe(true);
  });
});

describe('an error for engineers', () => {
  it('is one line with its code, its text and its detail', () => {
    expect(describeError(codedError('STORE_TOO_NEW', 'store is version 9'))).toBe('STORE_TOO_NEW: The store was written by a newer Counter24. (store is version 9)');
    expect(describeError(codedError('OUT_OF_SERVICE'))).toBe('OUT_OF_SERVICE: The kiosk is out of service.');
  });

  it("names what zod found by its path, five findings and the number of the others", () => {
    const found = kioskConfigSchema.safeParse({ times: { idleWarningMs: 'soon' } });
    const text = describeIssues(found.error!);
    expect(text).toMatch(/^kioskId: .*; and \d+ more$/);
    expect(text.split('; ').length).toBe(6);
    const unknown = requests.leave.params.safeParse({ prnter: 1 });
    expect(describeIssues(unknown.error!)).toMatch(/^\(top\): .*"prnter"/);
  });
});
