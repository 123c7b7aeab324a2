import { createDecipheriv, createHmac, pbkdf2Sync } from 'node:crypto';

/** SQLCipher 4's page, and what it reserves at the end of each: 16 bytes of initialisation vector and 64 of authentication code. */
export const pageBytes = 4096;
const macBytes = 64;
const vectorBytes = 16;
/** The file's salt stands in clear in its first 16 bytes, where plain SQLite says its name. */
export const saltBytes = 16;

/**
 * Whether a page was written under this key, in a file with this salt, under this number, and is whole: SQLCipher's own authentication
 * (https://www.zetetic.net/sqlcipher/design/, "HMAC"), reckoned without SQLite, which would write into what it opens. The key of the code is derived from the
 * raw key by PBKDF2 with two rounds and the salt XOR 0x3a; it covers ciphertext, vector, and the page's number in little endian.
 */
export function createPageAuthenticator(keyHex: string, salt: Uint8Array): (page: Buffer, number: number) => boolean {
  const key = pbkdf2Sync(Buffer.from(keyHex, 'hex'), salt.map((byte) => byte ^ 0x3a), 2, 32, 'sha512');
  return (page, number) => {
    if (page.length !== pageBytes) return false;
    const numberBytes = Buffer.alloc(4);
    numberBytes.writeUInt32LE(number);
    const code = createHmac('sha512', key).update(page.subarray(number === 1 ? saltBytes : 0, pageBytes - macBytes)).update(numberBytes).digest();
    return code.equals(page.subarray(pageBytes - macBytes));
  };
}

/**
 * How many pages a database has by its own first page (https://sqlite.org/fileformat2.html#in_header_database_size). It may be ahead of the file, by
 * what is in the log.
 */
export function saidPages(firstPage: Buffer, keyHex: string): number {
  const reserved = pageBytes - macBytes - vectorBytes;
  const decipher = createDecipheriv('aes-256-cbc', Buffer.from(keyHex, 'hex'), firstPage.subarray(reserved, reserved + vectorBytes)).setAutoPadding(false);
  const start = decipher.update(firstPage.subarray(saltBytes, reserved));
  return start.readUInt32BE(28 - saltBytes);
}
