import workerUrl from './worker.ts?worker&url';

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL(url: string): string };
}

/**
 * The page's Content-Security-Policy demands Trusted Types. This policy vouches for one address, the worker's own file, which comes from the same folder
 * as the page's scripts.
 */
const policy = (globalThis as { readonly trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('counter24-worker', {
  createScriptURL(url) {
    if (url !== workerUrl) throw new TypeError('only the search worker is started');
    return url;
  },
});

export function openSearchWorker(): Worker {
  return new Worker(policy?.createScriptURL(workerUrl) ?? workerUrl, { type: 'module', name: 'search' });
}
