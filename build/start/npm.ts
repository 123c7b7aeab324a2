import fs from 'node:fs';

/**
 * Tells when npm or the bootstrap above this process has ended without ending us: killed, they can pass nothing on.
 * Only where there is a /proc; without npm or the bootstrap, nobody is watched.
 */
export function onStarterGone(tell: () => void): void {
  const way = wayUp();
  if (way.length === 0) return;
  const timer = setInterval(() => {
    if (way.every(({ pid, parent }) => parentOf(pid) === parent)) return;
    clearInterval(timer);
    tell();
  }, 1000);
  timer.unref();
}

/** From this process by the bootstrap, and by npm's shell where it has one, to npm. */
function wayUp(): readonly { readonly pid: number; readonly parent: number }[] {
  const way: { pid: number; parent: number }[] = [];
  let pid = process.pid;
  for (;;) {
    const parent = parentOf(pid);
    if (parent === undefined || !/^npm |bootstrap\.mjs/.test(read(parent, 'cmdline').replaceAll('\0', ' '))) return way;
    way.push({ pid, parent });
    pid = parent;
  }
}

function parentOf(pid: number): number | undefined {
  // "PID (NAME) STATE PARENT …", and the name may hold anything.
  const parent = /.*\) \S (\d+)/s.exec(read(pid, 'stat'))?.[1];
  return parent === undefined ? undefined : Number(parent);
}

function read(pid: number, file: 'cmdline' | 'stat'): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
