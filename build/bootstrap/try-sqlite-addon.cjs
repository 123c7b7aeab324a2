'use strict';

// Run by the test build of Electron as plain Node: writes an encrypted database with the new addon, reads it again, and lets
// the garbage collection have its objects, which is where an addon built in another way ends the process.

const { readFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const [root, folder] = process.argv.slice(2);
if (root === undefined || folder === undefined) throw new Error('usage: try-sqlite-addon.cjs project folder');
const Database = require(join(root, 'node_modules', 'better-sqlite3'));
const file = join(folder, 'try.db');

const open = () => {
  const database = new Database(file, { nativeBinding: join(folder, 'better_sqlite3.node') });
  database.pragma("cipher='sqlcipher'");
  database.pragma(`key="x'${'5a'.repeat(32)}'"`);
  return database;
};

const writer = open();
writer.exec("create table tried (word text) strict; insert into tried values ('counter24')");
writer.close();
const reader = open();
const row = reader.prepare('select word from tried').get();
for (let count = 0; count < 100; count += 1) reader.prepare('select word from tried').all();
globalThis.gc?.();
reader.close();
const encrypted = !readFileSync(file).includes('SQLite format 3') && !readFileSync(file).includes('counter24');
rmSync(file);
if (row.word !== 'counter24' || !encrypted) throw new Error('the database was not encrypted, or not read again');
