import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';
import { readCommandLine } from './command-line.mjs';

// Stands in for the default application that the test build of Electron lacks. It is a module that waits for the
// application's code with a top-level await, because Electron holds `ready` back only until its entry point has
// loaded, and some calls are only allowed before `ready`.

const { modules, application } = readCommandLine(process.argv.slice(1));
if (application === undefined) {
  console.error('Electron was started without an application: name its folder on the command line.');
  process.exit(1);
}

try {
  const path = resolve(application);
  Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
  const entry = statSync(path).isDirectory() ? adoptFolder(path) : path;
  const require = createRequire(join(process.cwd(), 'unused.js'));
  for (const module of modules) require(module);
  await import(pathToFileURL(entry).href);
} catch (error) {
  console.error('The application could not be loaded:', error);
  process.exit(1);
}

/**
 * Gives the application its own name, version and path.
 * @param {string} folder
 * @returns {string} its entry point
 */
function adoptFolder(folder) {
  // setVersion and setAppPath exist for Electron's own default application and are in no type.
  const electron = /** @type {any} */ (app);
  const description = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const name = description.productName ?? description.name;
  if (name !== undefined) app.setName(name);
  if (description.version !== undefined) electron.setVersion(description.version);
  if (process.platform === 'linux') app.setDesktopName(description.desktopName ?? `${app.getName()}.desktop`);
  electron.setAppPath(folder);
  return createRequire(join(folder, 'package.json')).resolve(folder);
}
