import fc from 'fast-check';

/** The same examples at each run: a red `npm test` is about the change, not about luck. FAST_CHECK_SEED explores others. */
fc.configureGlobal({ seed: Number(process.env['FAST_CHECK_SEED'] ?? 24) });
