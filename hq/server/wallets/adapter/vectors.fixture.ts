import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What vectors/make-vectors.sh has made with the openssl command line. */
export const vectorFile = (name: string) => fileURLToPath(new URL(`vectors/${name}`, import.meta.url));
export const vector = (name: string) => readFileSync(vectorFile(name));
export const vectorText = (name: string) => vector(name).toString('utf8');
export const vectorHex = (name: string) => Buffer.from(vectorText(name), 'hex');
export const privateKeyOf = (name: string) => createPrivateKey(vector(`${name}-key.pem`));
export const publicKeyOf = (name: string) => createPublicKey(vector(`${name}-public.pem`));
