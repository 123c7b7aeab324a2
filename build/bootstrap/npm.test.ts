import { expect, test } from 'vitest';
import { explainNpmFailure } from './npm.mjs';

test.each([
  ['npm error nospc ENOSPC: no space left on device, write', 'BOOTSTRAP_DISK_FULL'],
  ['npm error code ENOTFOUND\nnpm error network request to https://registry.example/zod failed', 'BOOTSTRAP_REGISTRY_UNREACHABLE'],
  ['npm error code E503\nnpm error 503 Service Unavailable', 'BOOTSTRAP_REGISTRY_UNREACHABLE'],
  ['npm error code EINTEGRITY\nnpm error sha512-… integrity checksum failed', 'BOOTSTRAP_INTEGRITY_MISMATCH'],
  ['npm error code EUSAGE\nnpm error\nnpm error Missing: a@1 from lock file\nnpm error\nnpm error Clean install a project\nnpm error Usage:', 'BOOTSTRAP_LOCK_FILE_MISMATCH'],
  ['npm error code EACCES\nnpm error syscall mkdir', 'BOOTSTRAP_NOT_WRITABLE'],
  ['npm error something nobody has seen', 'BOOTSTRAP_NPM_FAILED'],
])('%j is told as %s', (output, code) => {
  expect(explainNpmFailure('npm ci', output).code).toBe(code);
});
