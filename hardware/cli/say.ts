import type { DeviceState } from '../../domain/device/state.ts';
import type { Language } from '../../domain/language.ts';
import type { TerminalSlip } from '../../domain/payment/slip.ts';
import type { Io } from './io.ts';

/** "printer    PRINTER_PAPER_OUT   The printer is out of paper" and below it what to do. */
export function sayState(state: DeviceState, language: Language, io: Io): void {
  io.out(`${state.name.padEnd(16)} ${state.code.padEnd(22)} ${state.text[language]}`);
  if (state.severity !== 'ok') io.out(`${' '.repeat(17)}-> ${state.advice[language]}`);
  if (state.detail) io.out(`${' '.repeat(17)}(${state.detail})`);
}

export function sayTimes(state: DeviceState, now: number, io: Io): void {
  io.out(`${' '.repeat(17)}since ${new Date(state.since).toISOString()} (${durationText(now - state.since)})`);
}

export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

export function saySlip(slip: TerminalSlip, io: Io): void {
  io.out(`--- ${slip.kind} slip`);
  for (const { text } of slip.lines) io.out(`    ${text}`);
}

/** "2 of 3 devices need help". Answers the exit code. */
export function sayVerdict(states: readonly DeviceState[], io: Io): 0 | 1 {
  const faulty = states.filter(({ severity }) => severity === 'fault').length;
  io.out(faulty === 0 ? 'All devices can do their work.' : `${faulty} of ${states.length} ${states.length === 1 ? 'device needs' : 'devices need'} help.`);
  return faulty === 0 ? 0 : 1;
}
