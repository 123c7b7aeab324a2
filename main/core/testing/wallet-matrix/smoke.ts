import fs from 'node:fs';
import { startTestPostgres } from '../../../../hq/server/testing/database.ts';
import { makeKeys } from '../../../../hq/server/sim/wallets/keys.ts';
import { installClock } from './clock.ts';
import { createGround } from './world.ts';
const postgres = await startTestPostgres();
const database = await postgres.createDatabase();
await database.sql.end();
const keys = makeKeys();
const clock = installClock();
const t = (what: string) => console.log(what, Math.round(clock.realNowMs()), process.cpuUsage().user/1e6|0);
t('up');
const folder = fs.mkdtempSync('/dev/shm/wm-');
const ground = await createGround({ clock, databaseUrl: database.url, folder, keys, isLoud: true });
t('ground');
for (let i = 0; i < 3; i++) {
  const w = await ground.open({});
  t('opened');
  console.log('online', await w.until(() => w.kiosk()!.isHqThere() && w.kiosk()!.selling.devices().wallets.some((x) => x.state === 'ready'), 20_000), w.nowMs());
  t('ready');
  const order = w.kiosk()!.place(['cola'])!;
  w.kiosk()!.setVisited(true);
  const paying = w.kiosk()!.selling.pay(order, 'wechat');
  await w.until(() => { const v = w.kiosk()!.shown().at(-1)?.payment; return v?.kind === 'wallet' && v.step === 'show'; }, 20000);
  console.log(JSON.stringify(w.kiosk()!.shown().at(-1)?.payment), w.nowMs());
  await w.pass(3000);
  const c = w.kiosk()!.shown().at(-1)!.payment;
  if (c.kind === 'wallet') { const r = w.gateways.phone.read(c.code!); if (r.ok) console.log(await w.gateways.phone.pay(r.trade)); }
  await w.until(() => w.kiosk()!.shown().at(-1)?.payment.kind === 'paid', 20000);
  console.log(JSON.stringify(w.kiosk()!.shown().at(-1)?.payment), w.nowMs());
  t('paid');
  await w.pass(60_000);
  t('minute');
  console.log(w.problems, w.kills.steps().length);
  await w.close();
  t('closed');
}
await ground.close();
process.exit(0);
