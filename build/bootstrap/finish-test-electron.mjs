import { join } from 'node:path';
import { createPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

// Makes the unpacked test build usable. A program of its own, run by the provided Node: both packages ask for
// Node 22, and the bootstrap itself may run on 20.

const distPath = String(process.argv[2]);

await flipFuses(join(distPath, 'electron'), {
  version: FuseVersion.V1,
  // It names a snapshot that belongs to the application this build was taken from, and which is left out.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // Playwright speaks to the main process through --inspect.
  [FuseV1Options.EnableNodeCliInspectArguments]: true,
});
await createPackage(join(import.meta.dirname, 'default-app'), join(distPath, 'resources', 'default_app.asar'));
