/**
 * Loaded before core by tests that would otherwise wait out a protocol's long time limits (ZVT's T2 and T3 are 5 s, T4 is
 * three minutes): timers beyond half a second are shortened, the longer the more, so that a longer one still ends later.
 */
const unchangedMs = 500;

const { setTimeout: later, setInterval: each } = globalThis;
const shortened = (ms = 0) => (ms > unchangedMs ? unchangedMs * (ms / unchangedMs) ** 0.25 : ms);

globalThis.setTimeout = Object.assign((callback, ms, ...rest) => later(callback, shortened(ms), ...rest), later);
globalThis.setInterval = Object.assign((callback, ms, ...rest) => each(callback, shortened(ms), ...rest), each);
