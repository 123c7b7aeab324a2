import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceCode } from './codes.ts';
import { deviceCodes } from './codes.ts';
import type { LineFailure, PrinterInput, ScannerInput, TerminalInput } from './condition.ts';
import { printerCondition, scannerCondition, terminalCondition } from './condition.ts';
import type { PortLocation } from './location.ts';
import { parsePortLocation, portLocationSchema, portLocationText } from './location.ts';
import { deviceState, deviceStateSchema } from './state.ts';

const detail = 'why';
const lineTroubles = [{ kind: 'unplugged', detail }, { kind: 'no_answer', detail }] as const;
// A state that is missing here does not compile: the keys are those of the types.
const printerStates: { readonly [Kind in PrinterInput['kind']]: readonly Extract<PrinterInput, { kind: Kind }>[] } = {
  ready: [{ kind: 'ready', paper: 'ok' }, { kind: 'ready', paper: 'low' }],
  paper_out: [{ kind: 'paper_out' }],
  cover_open: [{ kind: 'cover_open' }],
  fault: (['cutter', 'too_hot', 'mechanical', 'unrecoverable'] as const).map((fault) => ({ kind: 'fault', fault })),
  unplugged: [lineTroubles[0]],
  no_answer: [lineTroubles[1]],
};
const terminalStates: { readonly [Kind in TerminalInput['kind']]: Extract<TerminalInput, { kind: Kind }> } = {
  ready: { kind: 'ready' }, busy: { kind: 'busy' }, starting: { kind: 'starting' }, unplugged: lineTroubles[0], no_answer: lineTroubles[1],
};
const scannerStates: { readonly [Kind in ScannerInput['kind']]: Extract<ScannerInput, { kind: Kind }> } = {
  ready: { kind: 'ready' }, starting: { kind: 'starting' }, unplugged: lineTroubles[0], no_answer: lineTroubles[1],
};
const failures: readonly (LineFailure | undefined)[] = [undefined, ...Object.keys({ not_found: 0, in_use: 0, denied: 0, ambiguous: 0, stuck: 0, silent: 0, other: 0 } satisfies Record<LineFailure, 0>) as LineFailure[]];

const conditions = failures.flatMap((failure) => [
  ...Object.values(printerStates).flat().map((state) => ({ state, failure, kind: 'receipt_printer' as const, condition: printerCondition(state, failure) })),
  ...Object.values(terminalStates).map((state) => ({ state, failure, kind: 'card_terminal' as const, condition: terminalCondition(state, failure) })),
  ...Object.values(scannerStates).map((state) => ({ state, failure, kind: 'scanner' as const, condition: scannerCondition(state, failure) })),
]);

describe('the state of a device', () => {
  it.each(conditions)('$kind $state.kind, line $failure: $condition.code has words and advice in both languages', ({ state, kind, condition }) => {
    const whole = deviceStateSchema.parse(deviceState({ name: 'one', kind }, condition, 1234));
    expect(whole).toMatchObject({ name: 'one', kind, since: 1234, severity: deviceCodes[condition.code].severity });
    for (const words of [whole.text, whole.advice]) {
      expect(words.zh).toMatch(/\p{Script=Han}/u);
      expect(words.en).toMatch(/^[ -~]+$/);
    }
    expect(whole.severity === 'ok').toBe((state.kind === 'ready' && condition.code !== 'PRINTER_PAPER_LOW') || state.kind === 'busy');
    expect(whole.detail).toBe('detail' in state ? detail : '');
  });

  it('different troubles of one device have different codes', () => {
    const printer = Object.values(printerStates).flat().map((state) => printerCondition(state));
    const terminal = Object.values(terminalStates).map((state) => terminalCondition(state));
    const scanner = Object.values(scannerStates).map((state) => scannerCondition(state));
    for (const conditions of [printer, terminal, scanner]) expect(new Set(conditions.map(({ code }) => code)).size).toBe(conditions.length);
  });

  it('each code of the registry is reached by some state', () => {
    const reached = new Set<string>(conditions.map(({ condition }) => condition.code));
    expect((Object.keys(deviceCodes) as DeviceCode[]).filter((code) => !reached.has(code))).toEqual([]);
  });

  it('a port that somebody else has open, or that may not be opened, asks for other help than a cable', () => {
    expect(printerCondition({ kind: 'unplugged', detail }, 'in_use').code).toBe('PORT_IN_USE');
    expect(terminalCondition({ kind: 'unplugged', detail }, 'denied').code).toBe('PORT_DENIED');
    expect(scannerCondition({ kind: 'unplugged', detail }, 'ambiguous').code).toBe('PORT_AMBIGUOUS');
    expect(printerCondition({ kind: 'unplugged', detail }, 'silent').code).toBe('PRINTER_NO_ANSWER');
  });

  it('a detail of any length fits the border', () => {
    expect(deviceStateSchema.safeParse(deviceState({ name: 'a', kind: 'scanner' }, { code: 'SCANNER_UNPLUGGED', detail: 'x'.repeat(9000) }, 0)).success).toBe(true);
  });
});

describe('where a port is', () => {
  const hex4 = fc.integer({ min: 0, max: 0xffff }).map((id) => id.toString(16).padStart(4, '0'));
  const anyLocation: fc.Arbitrary<PortLocation> = fc.oneof(
    fc.constantFrom('/dev/ttyUSB0', '/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A10K5XYZ-if00-port0', 'COM3', '\\\\.\\COM12').map((path) => ({ kind: 'path' as const, path })),
    fc.record({ kind: fc.constant('tcp' as const), host: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()), port: fc.integer({ min: 1, max: 65_535 }) }),
    fc.record({ kind: fc.constant('usb' as const), vendorId: hex4, productId: hex4, serialNumber: fc.stringMatching(/^[A-Za-z0-9_.:-]{1,20}$/), interfaceNumber: fc.integer({ min: 0, max: 99 }) }, { requiredKeys: ['kind', 'vendorId', 'productId'] }),
  );

  it('reads back what it writes', () => {
    fc.assert(fc.property(anyLocation, (location) => {
      expect(parsePortLocation(portLocationText(location))).toEqual({ ok: true, value: location });
      expect(portLocationSchema.safeParse(portLocationText(location)).success).toBe(true);
    }));
  });

  it('ids may be written in capitals', () => {
    expect(parsePortLocation('usb:067B:23A3')).toEqual({ ok: true, value: { kind: 'usb', vendorId: '067b', productId: '23a3' } });
  });

  it.each(['', ' /dev/ttyUSB0', '/dev/tty\0', 'tcp://host', 'tcp://host:0', 'tcp://host:70000', 'tcp:host:1', 'usb:403:6001', 'usb:0403', 'usb:0403:6001:', 'usb:0403:6001#', 'usb:0403:6001:a b'])('"%s" is refused in words', (text) => {
    expect(parsePortLocation(text)).toEqual({ ok: false, error: expect.stringContaining('written') as string });
    expect(portLocationSchema.safeParse(text).success).toBe(false);
  });
});
