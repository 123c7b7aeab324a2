/**
 * What every step of the bootstrap is given.
 * @typedef {{
 *   root: string,
 *   cache: string,
 *   run: import('./run.mjs').Run,
 *   withChromium: boolean,
 * }} Context
 */
export {};
