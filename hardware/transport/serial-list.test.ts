import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPortLister } from './serial-list.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counter24-ports-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A sysfs of its own, as the kernel lays it out. */
async function plug(name: string, device: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(folder, 'sys/class/tty', name), { recursive: true });
  await mkdir(join(folder, 'sys/devices', device), { recursive: true });
  await symlink(join(folder, 'sys/devices', device), join(folder, 'sys/class/tty', name, 'device'));
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, 'sys', file), `${text}\n`);
}

const list = () => createPortLister({ platform: 'linux', sysFolder: join(folder, 'sys'), devFolder: join(folder, 'dev') })();

test('USB adapters are listed with their ids, serial number, interface and the link that stays', async () => {
  const usb = 'devices/pci/usb1/1-1';
  await plug('ttyUSB10', 'pci/usb1/1-1/1-1:1.1/ttyUSB10', { [`${usb}/idVendor`]: '0403', [`${usb}/idProduct`]: '6011', [`${usb}/serial`]: 'A10K5XYZ', [`${usb}/product`]: 'Quad RS232', [`${usb}/1-1:1.1/bInterfaceNumber`]: '01' });
  const acm = 'devices/pci/usb1/1-2';
  await plug('ttyACM2', 'pci/usb1/1-2/1-2:1.0', { [`${acm}/idVendor`]: '0C2E', [`${acm}/idProduct`]: '0B6A', [`${acm}/1-2:1.0/bInterfaceNumber`]: '00' });
  await mkdir(join(folder, 'dev/serial/by-id'), { recursive: true });
  await writeFile(join(folder, 'dev/ttyUSB10'), '');
  await symlink('../../ttyUSB10', join(folder, 'dev/serial/by-id/usb-FTDI-if01-port0'));
  expect(await list()).toEqual({
    ok: true,
    value: [
      { path: join(folder, 'dev/ttyACM2'), usb: { vendorId: '0c2e', productId: '0b6a', interfaceNumber: 0 } },
      { path: join(folder, 'dev/ttyUSB10'), byId: join(folder, 'dev/serial/by-id/usb-FTDI-if01-port0'), usb: { vendorId: '0403', productId: '6011', serialNumber: 'A10K5XYZ', interfaceNumber: 1, product: 'Quad RS232' } },
    ],
  });
});

test('consoles, pseudo terminals and UARTs without a chip are no ports; a real UART is', async () => {
  await mkdir(join(folder, 'sys/class/tty/console'), { recursive: true });
  await plug('ttyS0', 'platform/serial8250/tty0', { 'class/tty/ttyS0/type': '4' });
  await plug('ttyS3', 'platform/serial8250/tty3', { 'class/tty/ttyS3/type': '0' });
  expect(await list()).toEqual({ ok: true, value: [{ path: join(folder, 'dev/ttyS0') }] });
});

test('a machine that cannot tell its ports says so as a value', async () => {
  expect(await list()).toMatchObject({ ok: false, error: expect.stringContaining('ENOENT') as string });
});

test('listing ports in a process that can start no other process ends nothing', async () => {
  const module = pathToFileURL(join(import.meta.dirname, 'serial-list.ts')).href;
  const script = `
    process.on('exit', (code) => console.log('exit', code));
    const { createPortLister } = await import(${JSON.stringify(module)});
    const [real, none] = await Promise.all([createPortLister()(), createPortLister({ sysFolder: '/nothing' })()]);
    console.log(real.ok, none.ok);
    setTimeout(() => console.log('alive'), 50);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env: { PATH: '' }, timeout: 30_000 });
  expect(stdout).toBe('true false\nalive\nexit 0\n');
});
