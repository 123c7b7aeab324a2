import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { KioskConfig } from '../../domain/contract/config.ts';
import { brandSchema, kioskConfigSchema } from '../../domain/contract/config.ts';
import type { CodedError } from '../../domain/contract/errors.ts';
import { shopfrontSchema } from '../../domain/contract/kiosk.ts';
import { faintPair } from './brand.ts';
import { createShopfront } from './shopfront.ts';
import { rigCatalogue } from './testing/catalogue-rig.ts';

const configFile = path.join(import.meta.dirname, '../../config/kiosk.json');
const plain = kioskConfigSchema.parse(JSON.parse(fs.readFileSync(configFile, 'utf8')));

function front(change: Partial<KioskConfig> = {}, { soldOut = [] as string[], snoozed = [] as [string, number][], left = { cola: 4, gone: 9 } as Record<string, number>, catalogue = () => rigCatalogue as Catalogue } = {}) {
  const errors: CodedError[] = [];
  const days: (string | undefined)[] = [];
  let time = 1_000;
  const keeper = createShopfront({
    config: { ...plain, brand: { ground: 'light' }, ...change }, configFile, catalogue, now: () => time,
    documents: { soldOut: () => new Set(soldOut), snoozed: () => new Map(snoozed) }, reader: {
      available(_offerIds, today) {
        days.push(today);
        return new Map(Object.entries(left));
      },
    },
    log: { info: () => {}, warn: () => {}, error: (error) => void errors.push(error) },
  });
  return { keeper, errors, days, setTime: (at: number) => (time = at) };
}

describe('the shopfront', () => {
  it('is what the border to the page lets through, with all that the configuration says', () => {
    const dining = { offered: ['take_away' as const], preselected: 'take_away' as const };
    const { keeper } = front({ dining, screen: { heightMm: 500, bottomMm: 800, terminal: 'left' }, help: { phone: '4008', onDuty: [{ from: '08:00', to: '20:00' }] } });
    const shown = shopfrontSchema.parse(keeper.current());
    expect(shown).toMatchObject({ dining, screen: { heightMm: 500, terminal: 'left' }, help: { phone: '4008', onDuty: [{ from: '08:00', to: '20:00' }] }, assistiveKeys: { ok: 'Enter' }, brand: { ground: 'light' } });
  });

  it('names the shop’s phone where help has none of its own', () => {
    expect(front({ help: { onDuty: [] } }).keeper.current().help).toEqual({ phone: plain.shop.phone, onDuty: [] });
  });

  it('counts what is on the shelf and in the catalogue, and has nothing of what HQ has stopped', () => {
    expect(front({}, { soldOut: ['beef-noodles', 'cola'] }).keeper.available()).toEqual({ cola: 0, 'beef-noodles': 0 });
    expect(front().keeper.available()).toEqual({ cola: 4 });
  });

  it('asks for what may be sold on the shop\'s day, and says once when another one has begun', () => {
    const { keeper, days, setTime } = front({ shop: { ...plain.shop, timeZone: 'Asia/Shanghai' } });
    keeper.available();
    expect([keeper.hasDayTurned(), days]).toEqual([false, ['1970-01-01']]);
    setTime(16 * 3_600_000);
    expect([keeper.hasDayTurned(), keeper.hasDayTurned()]).toEqual([true, false]);
    keeper.stock();
    expect(days.at(-1)).toBe('1970-01-02');
  });

  it('goes by the catalogue that is in force', () => {
    let catalogue: Catalogue = rigCatalogue;
    const { keeper } = front({}, { catalogue: () => catalogue });
    expect(keeper.available()).toEqual({ cola: 4 });
    catalogue = { ...rigCatalogue, offers: [...rigCatalogue.offers, { ...rigCatalogue.offers[0]!, id: 'gone' }] };
    expect(keeper.available()).toEqual({ cola: 4, gone: 9 });
  });

  it('says what rests, until its time is over', () => {
    const { keeper, setTime } = front({}, { snoozed: [['cola', 5_000], ['rice', 9_000]] });
    expect(keeper.current().snoozed).toEqual({ cola: 5_000, rice: 9_000 });
    setTime(5_000);
    expect(keeper.current().snoozed).toEqual({ rice: 9_000 });
  });

  it('sells without a logo that is not there, and says so once', () => {
    const { keeper, errors } = front({ brand: { ground: 'dark', logoFile: 'gone.svg' } });
    keeper.current();
    expect([keeper.current().brand, errors]).toMatchObject([{ ground: 'dark' }, [{ code: 'CONFIG_INVALID' }]]);
  });

  it.each(['day', 'night'])('of the sample brand %s is shown with its logo, and its colours can be told apart', (name) => {
    const brand = brandSchema.parse(JSON.parse(fs.readFileSync(path.join(path.dirname(configFile), `brands/${name}.json`), 'utf8')));
    const { keeper, errors } = front({ brand });
    expect([keeper.current().brand.logo?.slice(0, 26), errors, faintPair(brand)]).toEqual(['data:image/svg+xml;base64,', [], undefined]);
  });
});
