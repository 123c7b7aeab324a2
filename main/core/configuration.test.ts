import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KioskConfig } from '../../domain/contract/config.ts';
import { rigCatalogue } from './testing/catalogue-rig.ts';
import type { Stage } from './testing/kiosk-stage-rig.ts';
import { openStage } from './testing/kiosk-stage-rig.ts';

const inService = (stage: Stage) => stage.untilStatus(({ service, card, paper }) => service.kind === 'in_service' && card === 'ready' && paper === 'ready');

/** As editors do it: never half a file. */
function replace(file: string, text: string): void {
  fs.writeFileSync(`${file}.new`, text);
  fs.renameSync(`${file}.new`, file);
}

describe.concurrent('a broken file', () => {
  test('out of service with one coded line for each fault, and in service when the last is mended, without a restart', async (context) => {
    let good = '';
    const stage = await openStage(context, {
      isQuick: true,
      isOutOfService: true,
      before: ({ configFile, catalogueFile }) => {
        good = fs.readFileSync(configFile, 'utf8');
        fs.rmSync(configFile);
        fs.rmSync(catalogueFile);
      },
    });
    const { configFile, catalogueFile } = stage;
    const change = (changes: (config: KioskConfig) => object) => replace(configFile, JSON.stringify({ ...JSON.parse(good), ...changes(JSON.parse(good) as KioskConfig) }));
    const faults: readonly { readonly code: string; readonly says: string; readonly make: () => void }[] = [
      { code: 'CONFIG_UNREADABLE', says: 'ENOENT', make: () => undefined },
      { code: 'CONFIG_INVALID', says: 'JSON', make: () => replace(configFile, '{ "kioskId": ') },
      { code: 'CONFIG_INVALID', says: 'prnter', make: () => change(() => ({ prnter: {} })) },
      { code: 'CONFIG_INVALID', says: 'unknown-key-0', make: () => change(() => Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`unknown-key-${index}`, 1]))) },
      { code: 'CATALOGUE_MISSING', says: 'ENOENT', make: () => replace(configFile, good) },
      { code: 'CATALOGUE_MISSING', says: 'no category', make: () => replace(catalogueFile, JSON.stringify({ ...rigCatalogue, offers: [{ ...rigCatalogue.offers[0], categoryId: 'nowhere' }] })) },
      {
        code: 'CONFIG_INVALID',
        says: 'constructor',
        make: () => {
          change(({ printer }) => ({ printer: { ...printer, profile: 'constructor' } }));
          stage.writeCatalogue(rigCatalogue);
        },
      },
      { code: 'CONFIG_INVALID', says: 'toString', make: () => change(({ cardTerminal }) => ({ cardTerminal: { ...cardTerminal, profile: 'toString' } })) },
    ];
    await stage.open();
    for (const { code, says, make } of faults) {
      make();
      await stage.untilStatus(({ service }) => service.kind === 'out_of_service' && service.reason.code === code && service.reason.detail.includes(says));
    }
    replace(configFile, good);
    await inService(stage);
    expect(await stage.errors()).toMatchObject(faults.map(({ code, says }) => ({ code, message: expect.stringContaining(says) })));
    await stage.kiosk.until('shopfront', ({ catalogue }) => catalogue.revision === 1);
    const order = await stage.place('city-map');
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
  });

  test('a catalogue that breaks later changes nothing and is said once; the next good one is taken in', async (context) => {
    const stage = await openStage(context, { isQuick: true });
    fs.writeFileSync(stage.catalogueFile, '{');
    await stage.kiosk.untilLog(({ code }) => code === 'CATALOGUE_INVALID');
    const order = await stage.place('city-map');
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    fs.rmSync(stage.catalogueFile);
    await stage.kiosk.untilLog(({ code }) => code === 'CATALOGUE_UNREADABLE');
    expect((await stage.open()).shopfront?.catalogue.revision).toBe(1);
    stage.writeCatalogue({ ...rigCatalogue, revision: 2 });
    await stage.kiosk.until('shopfront', ({ catalogue }) => catalogue.revision === 2);
    expect(await stage.errors()).toHaveLength(2);
  });

  test('a catalogue that is broken at a later start: the last good one sells', async (context) => {
    const stage = await openStage(context);
    await stage.kiosk.stop();
    fs.writeFileSync(stage.catalogueFile, '{');
    await stage.restart();
    await stage.open();
    await inService(stage);
    const order = await stage.place('city-map');
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    expect(await stage.errors()).toMatchObject([{ code: 'CATALOGUE_INVALID' }]);
  });
});

describe.concurrent('the key of the store', () => {
  test('none: out of service, and no store is made', async (context) => {
    const stage = await openStage(context, { isOutOfService: true, key: { ok: false, error: { code: 'KEY_UNAVAILABLE', detail: 'no keyring' } } });
    expect((await stage.open()).status.service).toMatchObject({ kind: 'out_of_service', reason: { code: 'KEY_UNAVAILABLE' } });
    expect(fs.existsSync(path.join(stage.dataFolder, 'store'))).toBe(false);
  });

  test('another, or of another provider: out of service, the store untouched, and with its own key all is there', async (context) => {
    const stage = await openStage(context);
    const order = await stage.place('city-map');
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
    const right = stage.store.eventIds();
    await stage.kiosk.stop();
    await stage.restart({ key: { ok: true, value: { hex: 'ab'.repeat(32), provider: 'test' } } });
    expect((await stage.open()).status.service).toMatchObject({ kind: 'out_of_service', reason: { code: 'STORE_KEY_REJECTED' } });
    await stage.kiosk.stop();
    await stage.restart({ key: { ok: true, value: { hex: 'ab'.repeat(32), provider: 'another' } } });
    expect((await stage.open()).status.service).toMatchObject({ kind: 'out_of_service', reason: { code: 'KEY_PROVIDER_CHANGED' } });
    await stage.kiosk.stop();
    await stage.restart();
    await stage.open();
    await inService(stage);
    // What the last start has to tell by itself comes after.
    expect(stage.store.eventIds().slice(0, right.length)).toEqual(right);
  });
});
