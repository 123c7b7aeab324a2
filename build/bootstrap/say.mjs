/**
 * Prints one line about what the bootstrap does. On stderr, so that the output of the script it starts stays clean.
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`bootstrap: ${text}\n`);
}

/**
 * What the bootstrap cannot mend itself: a code for machines and one sentence for people that also says what to do.
 * `details` is what the failed program printed, for whoever wants to look closer.
 */
export class BootstrapError extends Error {
  /**
   * @param {string} code upper snake case, begins with BOOTSTRAP_
   * @param {string} sentence
   * @param {string} [details]
   */
  constructor(code, sentence, details) {
    super(sentence);
    this.name = 'BootstrapError';
    this.code = code;
    this.details = details;
  }
}

/**
 * Turns anything thrown into a BootstrapError: a full disk and a read-only folder may be met in any step.
 * @param {unknown} thrown
 * @returns {BootstrapError}
 */
export function asBootstrapError(thrown) {
  if (thrown instanceof BootstrapError) return thrown;
  const error = /** @type {NodeJS.ErrnoException} */ (thrown instanceof Error ? thrown : new Error(String(thrown)));
  const place = error.path === undefined ? '' : ` (at ${error.path})`;
  if (error.code === 'ENOSPC') return diskFull(place);
  if (error.code === 'EACCES' || error.code === 'EPERM' || error.code === 'EROFS') {
    return new BootstrapError('BOOTSTRAP_NOT_WRITABLE', `A folder cannot be written${place}: give this user the right to, then start again.`);
  }
  return new BootstrapError('BOOTSTRAP_FAILED', `The bootstrap met something it does not know: ${error.message}.`, error.stack);
}

/**
 * @param {string} place where it was noticed, in brackets, or nothing
 * @param {string} [details]
 */
export function diskFull(place, details) {
  return new BootstrapError('BOOTSTRAP_DISK_FULL', `The disk is full${place}: free at least 3 GB, then start again.`, details);
}

/**
 * Whether a program's output says that the disk is full.
 * @param {string} output
 */
export function saysDiskFull(output) {
  return /ENOSPC|No space left on device|not have enough free space|nospc/i.test(output);
}
