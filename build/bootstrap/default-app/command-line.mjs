/**
 * Reads Electron's command line as its own default application does: modules to load first, then the application's
 * folder or file as the first argument that is no switch. Playwright puts switches of its own before it.
 * @param {readonly string[]} args what follows the executable
 * @returns {{ modules: string[], application: string | undefined }}
 */
export function readCommandLine(args) {
  /** @type {string[]} */
  const modules = [];
  for (let index = 0; index < args.length; index += 1) {
    const argument = String(args[index]);
    if (argument === '-r' || argument === '--require') {
      index += 1;
      if (args[index] !== undefined) modules.push(String(args[index]));
    } else if (argument.startsWith('--app=')) {
      return { modules, application: argument.slice('--app='.length) };
    } else if (!argument.startsWith('-')) {
      return { modules, application: argument };
    }
  }
  return { modules, application: undefined };
}
