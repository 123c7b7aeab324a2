import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAnswer } from './answers.ts';

const valueOf = (line: string) => {
  const answer = decodeAnswer(line, 'CNY');
  return answer.ok ? answer.value : answer.error.reason;
};
const status = (line: string) => valueOf(`d,STATUS,${line}`);

describe('answers of the interface', () => {
  it.each([
    ['v,4.0.2.0,0011aabbccdd', { kind: 'version', firmware: '4.0.2.0' }],
    ['d,STATUS,OFF', { kind: 'status', status: { kind: 'off' }, asked: false }],
    ['d,STATUS,RESET', { kind: 'status', status: { kind: 'reset' }, asked: false }],
    ['d,STATUS,INIT,1', { kind: 'status', status: { kind: 'init', alwaysIdle: true }, asked: false }],
    ['d,STATUS,INIT,0', { kind: 'status', status: { kind: 'init', alwaysIdle: false }, asked: false }],
    ['d,STATUS,INIT', { kind: 'status', status: { kind: 'init', alwaysIdle: undefined }, asked: false }],
    ['d,STATUS,IDLE', { kind: 'status', status: { kind: 'idle' }, asked: false }],
    ['d,STATUS,VEND', { kind: 'status', status: { kind: 'vend' }, asked: false }],
    ['d,STATUS,RESULT,1,12.50', { kind: 'status', status: { kind: 'approved', amount: 1250 }, asked: false }],
    ['d,STATUS,RESULT,-1', { kind: 'status', status: { kind: 'denied' }, asked: false }],
    ['d,ERR,"-1"', { kind: 'error', reason: 'not_applicable' }],
    ['d,ERR,-1', { kind: 'error', reason: 'not_applicable' }],
    ['D,ERR,"cashless master is on"', { kind: 'error', reason: 'already_on' }],
    ['d,ERR,"whatever, else"', { kind: 'error', reason: 'other' }],
    ['f,ACK', { kind: 'setting', taken: true }],
    ['f,NACK', { kind: 'setting', taken: false }],
  ])('%s', (line, meaning) => {
    expect(valueOf(line)).toEqual(meaning);
  });

  it("tells the answer to D,STATUS from what comes by itself, with the reader's set-up (the maker's own example)", () => {
    expect(status('INIT,1,#,3,1756,1,2,30,8')).toEqual({
      kind: 'status', asked: true, status: { kind: 'init', alwaysIdle: true },
      setup: { featureLevel: 3, currencyCode: '1756', scaleFactor: 1, decimals: 2, responseTimeS: 30 },
    });
    expect(status('RESULT,1,12.50,#,3,1156,1,2,30,8,2')).toMatchObject({ asked: true, status: { kind: 'approved', amount: 1250 }, setup: { mode: 2 } });
    expect(status('OFF,#')).toEqual({ kind: 'status', asked: true, status: { kind: 'off' } });
    expect(status('IDLE,#,3,1156,1,2,30,8,3')).toBe('malformed');
    expect(status('IDLE,#,3,1156')).toBe('malformed');
  });

  it('drops what a status says of the card that was presented', () => {
    expect(JSON.stringify(status('CREDIT,5.00,6222021234567894'))).toBe('{"kind":"status","status":{"kind":"credit"},"asked":false}');
  });

  it.each(['RESULT', 'RESULT,1', 'RESULT,1,', 'RESULT,0,12.50', 'RESULT,11', 'RESULT,-1,12.50', 'RESULT,1,-12.50', 'RESULT,1,12.505', 'RESULT,1,12.50,1', 'RESULT,1,1e3', 'RESULT, 1,12.50', 'RESULT,1,NaN'])(
    'takes "%s" for no result at all', (line) => {
      expect(status(line)).toBe('malformed');
    });

  it.each(['IDLF', 'idle', '', 'VENDX'])('does not know the status "%s"', (line) => {
    expect(status(line)).toBe('unknown');
  });

  it.each(['', 'x,ACK', 'c,STATUS,IDLE', 'd', 'd,', 'V', 'hello'])('does not know the line "%s"', (line) => {
    expect(valueOf(line)).toBe('unknown');
  });

  it('never throws, and never repeats what it could not read', () => {
    const field = fc.constantFrom('d', 'D', 'STATUS', 'RESULT', '1', '-1', '12.50', '#', 'INIT', 'ERR', '"', '', '6222021234567894');
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(field).map((fields) => fields.join(','))), (line) => {
      const answer = decodeAnswer(line, 'CNY');
      expect(JSON.stringify(answer)).not.toContain('6222021234567894');
    }));
  });
});
