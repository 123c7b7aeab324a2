import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { checkImports } from './import-rules.ts';

const root = path.resolve(import.meta.dirname, '..');
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true });
});

/** A small house of its own, from file contents by path. */
function house(files: Readonly<Record<string, string>>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'import-rules-'));
  folders.push(folder);
  for (const [file, contents] of Object.entries(files)) {
    fs.mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), contents);
  }
  return folder;
}

/** Files that the planted imports aim at. */
const neighbours = Object.fromEntries(
  ['domain/money', 'domain/contract/kiosk', 'hardware/transport/tcp', 'hardware/codec/frame', 'hardware/device/terminal', 'hardware/sim/terminal-sim', 'hardware/cli/run', 'main/store/reader', 'main/sync/pump', 'main/core/kiosk',
    'main/shell/window', 'preload/preload', 'renderer/page', 'renderer/ui/button', 'hq/contract/console', 'hq/server/app', 'hq/web/console', 'workbench/bench', 'workbench/window/main', 'build/runtime', 'e2e/kiosk', 'bench/store', 'domain/money.test']
    .map((name) => [`${name}.ts`, 'export const value = 1;\n']));

function found(file: string, source: string) {
  return checkImports(house({ ...neighbours, [file]: source })).map(({ line, rule, message }) => ({ line, rule, message }));
}

describe('the tree', () => {
  it('keeps the rules of who may import whom', () => {
    expect(checkImports(root).map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([]);
  });
});

describe('a wrong import is caught', () => {
  it.each([
    ['domain/a.ts', "import { value } from '../hardware/codec/frame.ts';", 'hardware/codec/frame.ts'],
    ['hardware/codec/a.ts', "import { value } from '../transport/tcp.ts';", 'hardware/transport/tcp.ts'],
    ['hardware/codec/a.ts', "import { value } from '../device/terminal.ts';", 'hardware/device/terminal.ts'],
    ['hardware/transport/a.ts', "import { value } from '../codec/frame.ts';", 'hardware/codec/frame.ts'],
    ['hardware/device/a.ts', "import { value } from '../sim/terminal-sim.ts';", 'hardware/sim/terminal-sim.ts'],
    ['hardware/device/a.ts', "import { value } from '../../main/core/kiosk.ts';", 'main/core/kiosk.ts'],
    ['hardware/sim/a.ts', "import { value } from '../device/terminal.ts';", 'hardware/device/terminal.ts'],
    ['hardware/cli/a.ts', "import { value } from '../sim/terminal-sim.ts';", 'hardware/sim/terminal-sim.ts'],
    ['hardware/cli/a.ts', "import { value } from '../../main/core/kiosk.ts';", 'main/core/kiosk.ts'],
    ['main/core/a.ts', "import { value } from '../../hardware/cli/run.ts';", 'hardware/cli/run.ts'],
    ['main/store/a.ts', "import { value } from '../../hardware/device/terminal.ts';", 'hardware/device/terminal.ts'],
    ['main/store/a.ts', "import { value } from '../sync/pump.ts';", 'main/sync/pump.ts'],
    ['main/sync/a.ts', "import { value } from '../store/reader.ts';", 'main/store/reader.ts'],
    ['main/core/a.ts', "import { value } from '../../renderer/page.ts';", 'renderer/page.ts'],
    ['main/core/a.ts', "import { value } from '../shell/window.ts';", 'main/shell/window.ts'],
    ['main/core/a.ts', "import { value } from '../../hardware/sim/terminal-sim.ts';", 'hardware/sim/terminal-sim.ts'],
    ['main/shell/a.ts', "import { value } from '../core/kiosk.ts';", 'main/core/kiosk.ts'],
    ['main/shell/a.ts', "import { value } from '../../domain/money.ts';", 'domain/money.ts'],
    ['preload/a.ts', "import { value } from '../domain/money.ts';", 'domain/money.ts'],
    ['renderer/a.ts', "import { value } from '../main/core/kiosk.ts';", 'main/core/kiosk.ts'],
    ['renderer/a.ts', "import { value } from '../hq/web/console.ts';", 'hq/web/console.ts'],
    ['hq/contract/a.ts', "import { value } from '../server/app.ts';", 'hq/server/app.ts'],
    ['hq/server/a.ts', "import { value } from '../../main/store/reader.ts';", 'main/store/reader.ts'],
    ['hq/server/a.ts', "import { value } from '../web/console.ts';", 'hq/web/console.ts'],
    ['hq/web/a.ts', "import { value } from '../server/app.ts';", 'hq/server/app.ts'],
    ['hq/web/a.ts', "import { value } from '../../renderer/page.ts';", 'renderer/page.ts'],
    ['workbench/a.ts', "import { value } from '../hardware/device/terminal.ts';", 'hardware/device/terminal.ts'],
    ['workbench/window/a.ts', "import { value } from '../bench.ts';", 'workbench/bench.ts'],
    ['build/a.ts', "import { value } from '../main/core/kiosk.ts';", 'main/core/kiosk.ts'],
    ['e2e/a.ts', "import { value } from '../renderer/page.ts';", 'renderer/page.ts'],
    ['bench/a.ts', "import { value } from '../main/shell/window.ts';", 'main/shell/window.ts'],
    ['main/store/a.ts', "import { value } from '../../build/runtime.ts';", 'build/runtime.ts'],
    ['domain/a.test.ts', "import { value } from '../main/store/reader.ts';", 'main/store/reader.ts'],
    ['domain/a.ts', "import { value } from './money.test.ts';", 'domain/money.test.ts'],
    ['domain/a.ts', "import { value } from '../../elsewhere/a.ts';", 'elsewhere'],
  ])('%s: %s', (file, source, target) => {
    const [violation, ...more] = found(file, source);
    expect(more).toEqual([]);
    expect(violation?.line).toBe(1);
    expect(violation?.message).toContain(target);
  });

  it.each([
    ['domain/a.ts', 'react'],
    ['domain/a.ts', 'node:crypto'],
    ['domain/a.ts', 'crypto'],
    ['hardware/codec/a.ts', 'node:buffer'],
    ['hardware/codec/a.ts', 'zod'],
    ['hardware/device/a.ts', 'serialport'],
    ['hardware/transport/tcp-line.ts', 'serialport'],
    ['hardware/sim/a.ts', 'node-thermal-printer'],
    ['hardware/cli/a.ts', 'serialport'],
    ['hardware/cli/a.ts', 'zod'],
    ['main/store/a.ts', 'zod'],
    ['main/sync/a.ts', 'better-sqlite3'],
    ['main/core/a.ts', 'better-sqlite3'],
    ['main/core/a.ts', 'zod'],
    ['main/core/a.ts', 'electron'],
    ['main/shell/a.ts', 'react'],
    ['preload/a.ts', 'node:fs'],
    ['renderer/a.tsx', 'node:path'],
    ['renderer/a.tsx', 'electron'],
    ['renderer/a.tsx', 'zod'],
    ['renderer/a.tsx', 'react-router'],
    ['hq/server/a.ts', 'react'],
    ['hq/web/a.tsx', 'node:fs/promises'],
    ['hq/web/a.tsx', 'postgres'],
    ['workbench/a.ts', 'electron'],
    ['workbench/a.ts', 'postgres'],
    ['workbench/window/a.ts', 'fastify'],
    ['build/a.ts', 'electron'],
    ['e2e/a.ts', 'serialport'],
    ['renderer/a.test.ts', 'postgres'],
  ])('%s imports the package %s', (file, name) => {
    const [violation, ...more] = found(file, `\nimport thing from '${name}';\n`);
    expect(more).toEqual([]);
    expect(violation).toMatchObject({ line: 2, rule: 'package' });
  });

  it.each([
    ['a type', "import type { X } from '../main/core/kiosk.ts';"],
    ['a type in an expression', "let x: import('../main/core/kiosk.ts').X;"],
    ['what an import() brings', "const core = await import('../main/core/kiosk.ts');"],
    ['a re-export', "export { value } from '../main/core/kiosk.ts';\nexport const own = 1;"],
    ['a star', "export * from '../main/core/kiosk.ts';\nexport const own = 1;"],
    ['a mere side effect', "import '../main/core/kiosk.ts';"],
    ['require()', "const core = require('../main/core/kiosk.ts');"],
    ['import = require()', "import core = require('../main/core/kiosk.ts');"],
    ['a query', "import core from '../main/core/kiosk.ts?raw';"],
  ])('written as %s', (_how, source) => {
    expect(found('renderer/a.ts', source)).toMatchObject([{ line: 1, rule: 'room' }]);
  });

  it('with the room, what it may import, and why', () => {
    expect(found('preload/a.ts', "import { value } from '../domain/money.ts';")[0]?.message)
      .toBe('imports domain/money.ts: preload may import domain/contract, electron; it is sandboxed and holds no logic');
  });

  it('where it cannot be followed', () => {
    expect(found('domain/a.ts', 'const name = "./money.ts";\nawait import(name);')).toMatchObject([{ line: 2, rule: 'unresolved' }]);
    expect(found('domain/a.ts', "import { value } from './money';")).toMatchObject([{ line: 1, rule: 'unresolved' }]);
  });

  it('where a file stands in no room', () => {
    expect(found('hq/a.ts', "import { value } from '../domain/money.ts';")).toMatchObject([{ rule: 'room' }]);
  });
});

describe('what the rules allow', () => {
  it.each([
    ['hardware/transport/serial-read.ts', "import { SerialPort } from 'serialport';"],
    ['main/core/a.ts', "import type { z } from 'zod';\nimport type { Database } from 'better-sqlite3';"],
    ['main/sync/a.ts', "import type { value } from '../store/reader.ts';"],
    ['hq/web/a.tsx', "import { createRoot } from 'react-dom/client';\nimport { value } from '../../renderer/ui/button.ts';"],
    ['renderer/a.ts', "import '@fontsource-variable/inter/index.css';"],
    ['main/sync/a.test.ts', "import { it } from 'vitest';\nimport { value } from '../../hq/server/app.ts';\nimport { value as store } from '../store/reader.ts';"],
    ['domain/a.test.ts', "import fc from 'fast-check';\nimport fs from 'node:fs';"],
    ['main/shell/a.ts', "import { ipcMain } from 'electron';\nipcMain.on('x', () => {});"],
  ])('%s: %s', (file, source) => {
    expect(found(file, source)).toEqual([]);
  });

  it('a rig, shared by tests and by nothing else', () => {
    const rig = { 'main/core/kiosk-rig.ts': "import { it } from 'vitest';\nexport const rig = it;\n" };
    const use = "import { rig } from './kiosk-rig.ts';\nrig('', () => {});\n";
    expect(checkImports(house({ ...neighbours, ...rig, 'main/core/a.test.ts': use }))).toEqual([]);
    expect(checkImports(house({ ...neighbours, ...rig, 'main/core/a.ts': use }))).toMatchObject([{ file: 'main/core/a.ts', line: 1 }]);
  });
});

describe('circles', () => {
  it('are named with their whole way', () => {
    const tree = house({
      'domain/a.ts': "import { b } from './b.ts';\nexport const a = b;\n",
      'domain/b.ts': "import { c } from './c.ts';\nexport const b = c;\n",
      'domain/c.ts': "export const c = () => import('./a.ts');\n",
      'domain/d.ts': "import { a } from './a.ts';\nexport const d = a;\n",
    });
    expect(checkImports(tree)).toMatchObject([{ file: 'domain/c.ts', line: 1, rule: 'circle', message: 'closes a circle: domain/a.ts → domain/b.ts → domain/c.ts → domain/a.ts' }]);
  });

  it('of types are none: they are gone before anything runs', () => {
    const tree = house({
      'domain/a.ts': "import type { B } from './b.ts';\nexport interface A { b: B }\n",
      'domain/b.ts': "import type { A } from './a.ts';\nexport interface B { a: A }\n",
    });
    expect(checkImports(tree)).toEqual([]);
  });

  it('count where the type is imported by a statement that stays', () => {
    const tree = house({
      'domain/a.ts': "import { type B } from './b.ts';\nexport interface A { b: B }\n",
      'domain/b.ts': "import { type A } from './a.ts';\nexport interface B { a: A }\n",
    });
    expect(checkImports(tree)).toMatchObject([{ rule: 'circle' }]);
  });
});

describe('habits', () => {
  it.each(["export * from './money.ts';", "export { value } from './money.ts';\nexport * as money from './money.ts';", "import { value } from './money.ts';\nexport { value };"])('a file that only hands on is a barrel: %s', (source) => {
    expect(found('domain/a.ts', source)).toMatchObject([{ rule: 'barrel' }]);
  });

  it('a file that hands on beside its own work is none', () => {
    expect(found('domain/a.ts', "export { value } from './money.ts';\nexport const own = 2;")).toEqual([]);
  });

  it.each(['export default 1;', 'export default function a() {}', 'const a = 1;\nexport { a as default };'])('no default export: %s', (source) => {
    expect(found('domain/a.ts', source)).toMatchObject([{ rule: 'default export' }]);
  });

  it.each(['build/vite.renderer.ts', 'e2e/playwright.config.ts', 'e2e/global-setup.ts'])('a default export is what %s is loaded by', (file) => {
    expect(found(file, 'export default {};')).toEqual([]);
  });

  it.each([['preload/a.ts', "import { ipcMain } from 'electron';"], ['workbench/window/a.ts', "import * as electron from 'electron';\nelectron.ipcMain.on('x', () => {});"]])('no ipcMain in %s', (file, source) => {
    expect(found(file, source).map(({ rule }) => rule)).toContain('ipcMain');
  });

  it('what cannot be parsed is said, not skipped', () => {
    expect(found('domain/a.ts', 'export const = 1;')).toMatchObject([{ rule: 'syntax' }]);
  });
});

describe('the command', () => {
  it('prints each violation in one line and ends with 1', async () => {
    const tree = house({ 'build/import-rules.ts': fs.readFileSync(path.join(root, 'build/import-rules.ts'), 'utf8'), 'domain/a.ts': "import 'react';\n" });
    fs.symlinkSync(path.join(root, 'node_modules'), path.join(tree, 'node_modules'));
    const run = promisify(execFile)(process.execPath, [path.join(tree, 'build/import-rules.ts')]);
    await expect(run).rejects.toMatchObject({ code: 1, stdout: expect.stringMatching(/^domain\/a\.ts:1 imports react: .*\n$/) as string });
    fs.rmSync(path.join(tree, 'domain/a.ts'));
    await expect(promisify(execFile)(process.execPath, [path.join(tree, 'build/import-rules.ts')])).resolves.toMatchObject({ stdout: '' });
  });
});
