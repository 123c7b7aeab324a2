/**
 * Tells when a sound output has come that was not there before, and when it has gone again. Where the platform gives no ids, or switches the jack inside of one
 * device, nothing is told: then the keypad's own key or the button on the screen begins.
 */
export function watchHeadphones(devices: MediaDevices | undefined, onIn: () => void, onOut: () => void): () => void {
  let known: ReadonlySet<string> | undefined;
  let came: string | undefined;
  if (!devices) return () => {};

  async function look(): Promise<void> {
    const found = await devices?.enumerateDevices().catch(() => undefined);
    if (!found) return;
    const outputs = new Set(found.filter(({ kind, deviceId }) => kind === 'audiooutput' && deviceId !== '' && deviceId !== 'default' && deviceId !== 'communications').map(({ deviceId }) => deviceId));
    const before = known;
    known = outputs;
    if (!before) return;
    const fresh = [...outputs].find((id) => !before.has(id));
    if (fresh !== undefined) {
      came = fresh;
      onIn();
    } else if (came !== undefined && !outputs.has(came)) {
      came = undefined;
      onOut();
    }
  }

  const onChange = () => void look();
  devices.addEventListener('devicechange', onChange);
  void look();
  return () => devices.removeEventListener('devicechange', onChange);
}
