import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';

/**
 * SQLCipher's file format, version 4, from its specification (zetetic.net/sqlcipher/design) with Node's own crypto: shares nothing with the
 * library that writes the store. Pages of 4096 bytes; each ends in a reserve of 80: initialisation vector (16), HMAC-SHA512 (64). The
 * first page begins with the salt (16) in place of "SQLite format 3\0".
 */
const pageBytes = 4096;
const saltBytes = 16;
const ivBytes = 16;
const macBytes = 64;
const reserveBytes = ivBytes + macBytes;
/** "The salt is XORed with 0x3a", and the key of the HMAC derived with 2 rounds. */
const macSaltMask = 0x3a;
const macKeyRounds = 2;

/**
 * The pages of an SQLCipher file as plain SQLite ones.
 * @param keyHex the raw key
 * @throws where a page's code is not right: the key is wrong, or a byte was changed
 */
export function decryptFile(file: Buffer, keyHex: string): Buffer {
  if (file.length === 0 || file.length % pageBytes !== 0) throw new Error(`${file.length} bytes are no whole pages`);
  const salt = file.subarray(0, saltBytes);
  const plain = Buffer.alloc(file.length);
  for (let number = 1; number <= file.length / pageBytes; number++) {
    const page = file.subarray((number - 1) * pageBytes, number * pageBytes);
    decryptPage(page, number, salt, keyHex).copy(plain, (number - 1) * pageBytes);
  }
  return plain;
}

/** @param salt of the main file, for pages of its WAL, too */
export function decryptPage(page: Buffer, number: number, salt: Buffer, keyHex: string): Buffer {
  const key = Buffer.from(keyHex, 'hex');
  const macKey = pbkdf2Sync(key, Buffer.from(salt.map((byte) => byte ^ macSaltMask)), macKeyRounds, 32, 'sha512');
  const begin = number === 1 ? saltBytes : 0;
  const end = page.length - reserveBytes;
  const numberBytes = Buffer.alloc(4);
  numberBytes.writeUInt32LE(number);
  const mac = createHmac('sha512', macKey).update(page.subarray(begin, end + ivBytes)).update(numberBytes).digest();
  if (!timingSafeEqual(mac, page.subarray(end + ivBytes))) throw new Error(`page ${number} does not have the code of this key`);
  const cipher = createDecipheriv('aes-256-cbc', key, page.subarray(end, end + ivBytes)).setAutoPadding(false);
  const contents = Buffer.concat([cipher.update(page.subarray(begin, end)), cipher.final()]);
  const header = number === 1 ? Buffer.from('SQLite format 3\0', 'latin1') : Buffer.alloc(0);
  return Buffer.concat([header, contents, Buffer.alloc(reserveBytes)]);
}

/** Every frame of a WAL (sqlite.org/fileformat2, section 4) as a plain page, also of frames that count no more. */
export function decryptWal(wal: Buffer, salt: Buffer, keyHex: string): Buffer[] {
  const headerBytes = 32;
  const frameHeaderBytes = 24;
  const pages: Buffer[] = [];
  for (let at = headerBytes; at + frameHeaderBytes + pageBytes <= wal.length; at += frameHeaderBytes + pageBytes) {
    pages.push(decryptPage(wal.subarray(at + frameHeaderBytes, at + frameHeaderBytes + pageBytes), wal.readUInt32BE(at), salt, keyHex));
  }
  return pages;
}
