import { openDisplay } from '../build/start/display.ts';
import { buildIfStale } from '../build/start/fresh.ts';

/** Once before all tests: what Electron loads is bundled, and there is a display. Answers what ends the display. */
export default async function prepare(): Promise<() => Promise<void>> {
  await buildIfStale();
  // The same layout in fewer pixels: they are painted without a graphics card. The demo has the full size.
  const display = await openDisplay('720x1280');
  Object.assign(process.env, display.env);
  return () => display.close();
}
