import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KioskConfig } from '../../domain/contract/config.ts';
import { rigCatalogue } from './testing/catalogue-rig.ts';
import type { FifoRig } from './testing/fifo-rig.ts';
import { createFifoRig } from './testing/fifo-rig.ts';
import type { Stage, StageFiles } from './testing/kiosk-stage-rig.ts';
import { openStage } from './testing/kiosk-stage-rig.ts';

const inService = (stage: Stage) => stage.untilStatus(({ service, card, paper }) => service.kind === 'in_service' && card === 'ready' && paper === 'ready');

function edit(file: string, change: (value: KioskConfig) => object): string {
  const before = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, JSON.stringify(change(JSON.parse(before) as KioskConfig)));
  return before;
}

describe.concurrent('a broken file', () => {
  test.for<{ what: string; code: string; says: string; broken: (files: StageFiles) => unknown }>([
    { what: 'an unknown key in the configuration', code: 'CONFIG_INVALID', says: 'prnter', broken: ({ configFile }) => edit(configFile, (config) => ({ ...config, prnter: {} })) },
    { what: 'a configuration full of unknown keys', code: 'CONFIG_INVALID', says: 'Unrecognized', broken: ({ configFile }) => edit(configFile, (config) => ({ ...config, ...Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`unknown-key-${index}`, 1])) })) },
    { what: 'a configuration that is no JSON', code: 'CONFIG_INVALID', says: 'JSON', broken: ({ configFile }) => fs.writeFileSync(configFile, '{ "kioskId": ') },
    { what: 'no configuration', code: 'CONFIG_UNREADABLE', says: 'ENOENT', broken: ({ configFile }) => fs.rmSync(configFile) },
    { what: 'a printer profile that is none', code: 'CONFIG_INVALID', says: 'constructor', broken: ({ configFile }) => edit(configFile, (config) => ({ ...config, printer: { ...config.printer, profile: 'constructor' } })) },
    { what: 'a terminal profile that is none', code: 'CONFIG_INVALID', says: 'toString', broken: ({ configFile }) => edit(configFile, (config) => ({ ...config, cardTerminal: { ...config.cardTerminal, profile: 'toString' } })) },
    { what: 'a catalogue that contradicts itself', code: 'CATALOGUE_MISSING', says: 'no category', broken: ({ catalogueFile }) => fs.writeFileSync(catalogueFile, JSON.stringify({ ...rigCatalogue, offers: [{ ...rigCatalogue.offers[0], categoryId: 'nowhere' }] })) },
    { what: 'no catalogue', code: 'CATALOGUE_MISSING', says: 'ENOENT', broken: ({ catalogueFile }) => fs.rmSync(catalogueFile) },
  ])('$what: out of service with one coded line, and in service when it is mended, without a restart', async ({ code, says, broken }, context) => {
    let good = '';
    const stage = await openStage(context, {
      isQuick: true,
      isOutOfService: true,
      before: (files) => {
        good = fs.readFileSync(files.configFile, 'utf8');
        broken(files);
      },
    });
    const { service } = (await stage.open()).status;
    expect(service).toMatchObject({ kind: 'out_of_service', reason: { code, detail: expect.stringContaining(says) } });
    fs.writeFileSync(stage.configFile, good);
    stage.writeCatalogue(rigCatalogue);
    await inService(stage);
    expect(await stage.errors()).toMatchObject([{ code, message: expect.stringContaining(says) }]);
    await stage.kiosk.until('shopfront', ({ catalogue }) => catalogue.revision === 1);
    const order = await stage.place('city-map');
    await stage.untilOrder(order.id, ({ state }) => state === 'fulfilled');
    await stage.expectAgreement();
  });

  test.for(['configFile', 'catalogueFile'] as const)('a broken %s that is read again and again is said once', async (which, context) => {
    let fifo: FifoRig | undefined;
    let good = '';
    const stage = await openStage(context, {
      isQuick: true,
      isOutOfService: true,
      before: (files) => {
        good = fs.readFileSync(files[which], 'utf8');
        fifo = createFifoRig(files[which]);
      },
    });
    await fifo!.serve('{', 8);
    fifo!.replaceBy(good);
    await stage.open();
    await inService(stage);
    expect(await stage.errors()).toHaveLength(1);
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
    expect(stage.store.eventIds()).toEqual(right);
  });
});
