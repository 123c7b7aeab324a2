import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { CodedError, ErrorCode } from '../../domain/contract/errors.ts';
import { codedError, describeError } from '../../domain/contract/errors.ts';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import type { StartMessage } from '../../domain/contract/shell.ts';
import type { TechnicianMethod } from '../../domain/contract/technician.ts';
import { technicianRequests } from '../../domain/contract/technician.ts';
import { uuidV7From } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { OpenStore } from '../store/open.ts';
import { openStore } from '../store/open.ts';
import { readConfig } from './configuration.ts';
import { faultOf } from './faults.ts';
import type { Log } from './log.ts';
import type { Page } from './page.ts';
import { clipError, servePage } from './page.ts';
import type { Port } from './port.ts';
import type { Probes, Selling } from './selling.ts';
import { startSelling } from './selling.ts';
import type { TechnicianHandlers, TechnicianSocket } from './technician-socket.ts';
import { openTechnicianSocket } from './technician-socket.ts';

export interface KioskDeps {
  readonly start: StartMessage;
  readonly log: Log;
  /** The key does not do: the shell may have another by now. */
  readonly onKeyWanted: () => void;
  readonly probes?: Probes;
}

export interface Kiosk {
  /** A page has come; it replaces the one before. */
  connect(port: Port): void;
  pageGone(): void;
  /** The key as it is now: used at the next try. */
  takeKey(key: StartMessage['key']): void;
  stop(): Promise<void>;
}

/** While out of service, everything is tried again after this: a mended file or a freed lock needs no restart. */
const retryMs = 3_000;

const keyTroubles: ReadonlySet<ErrorCode> = new Set(['KEY_UNAVAILABLE', 'KEY_PROVIDER_CHANGED', 'STORE_KEY_REJECTED']);

/**
 * The kiosk without its window. It comes up whatever it finds: what is broken makes it "out of service" with one clear
 * error, and it goes on trying.
 */
export function createKiosk({ start, log, onKeyWanted, probes }: KioskDeps): Kiosk {
  const now = () => Date.now();
  const runtime = {
    now,
    monotonicNow: () => performance.now(),
    newId: () => uuidV7From(now(), randomBytes(10)),
    newToken: () => randomBytes(16).toString('base64url'),
    random: Math.random,
  };
  let store: OpenStore | undefined;
  let selling: Selling | undefined;
  let technician: TechnicianSocket | undefined;
  let trouble: CodedError | undefined;
  let page: Page | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  let { key } = start;
  const watching = setInterval(watchStore, retryMs);

  function boot(): void {
    const booted = bootSafely();
    if (booted.ok) {
      if (trouble) log.info('in service');
      trouble = undefined;
    } else {
      const found = clipError(booted.error);
      if (!trouble || describeError(trouble) !== describeError(found)) log.error(found);
      trouble = found;
      if (keyTroubles.has(found.code)) onKeyWanted();
      retryTimer = setTimeout(boot, retryMs);
    }
    // With the store in hand no other kiosk runs on this folder, whose socket this could be.
    if (store) technician ??= openTechnicianSocket(start.dataFolder, technicianHandlers(), log);
    sendStatus();
    const shopfront = selling?.shopfront();
    if (shopfront) page?.send('shopfront', shopfront);
  }

  /** A store that cannot be written (a full disk) is one more reason to be out of service, and none to end. */
  function bootSafely(): Result<void, CodedError> {
    try {
      return tryBoot();
    } catch (cause) {
      return err(faultOf(cause));
    }
  }

  function tryBoot(): Result<void, CodedError> {
    const config = readConfig(start.configFile);
    if (!config.ok) return config;
    if (!key.ok) return key;
    if (!store) {
      const { hex, provider } = key.value;
      const opened = openStore({ folder: path.join(start.dataFolder, 'store'), keyHex: hex, keyProvider: provider, nativeBinding: start.sqliteAddon });
      if (!opened.ok) return opened;
      store = opened.value;
    }
    const started = startSelling({
      config: config.value, configFile: start.configFile, database: store.database, log, ...runtime, ...(probes ? { probes } : {}),
      onStatus: sendStatus,
      kioskStatus: status,
      onShopfront: (shopfront) => page?.send('shopfront', shopfront),
      onOrder: (order) => page?.send('order', order),
      onScanned: (scanned) => page?.send('scanned', scanned),
    });
    if (!started.ok) return started;
    selling = started.value;
    return ok();
  }

  /** Somebody took the store away under us. What is written from now on would be lost, so selling ends, between two payments. */
  function watchStore(): void {
    if (!selling || selling.isPaying() || !store || store.isInPlace()) return;
    const [ending, lost] = [selling, store];
    selling = undefined;
    store = undefined;
    trouble = codedError('STORE_MISSING', path.join(start.dataFolder, 'store'));
    log.error(trouble);
    sendStatus();
    void ending.stop().then(() => {
      lost.close();
      retryTimer = setTimeout(boot, retryMs);
    });
  }

  function status(): KioskStatus {
    if (selling) return { service: { kind: 'in_service' }, ...selling.devices() };
    const service = trouble ? ({ kind: 'out_of_service', reason: trouble } as const) : ({ kind: 'starting' } as const);
    return { service, card: 'unavailable', paper: 'unavailable' };
  }

  /** Out of service a technician hears why, and no more. */
  function technicianHandlers(): TechnicianHandlers {
    const methods = Object.keys(technicianRequests) as TechnicianMethod[];
    const answer = (method: TechnicianMethod) => (params: never) => {
      if (selling) return selling.technician[method](params);
      if (method === 'status') return ok({ kiosk: status(), devices: [], paper: { usedMm: 0 }, waitingPrints: 0, waitingDecisions: 0 });
      return err(codedError('OUT_OF_SERVICE', trouble ? describeError(trouble) : 'still starting'));
    };
    return Object.fromEntries(methods.map((method) => [method, answer(method)])) as unknown as TechnicianHandlers;
  }

  let lastStatus = '';
  function sendStatus(): void {
    const current = status();
    const text = JSON.stringify(current);
    if (text === lastStatus) return;
    lastStatus = text;
    page?.send('status', current);
  }

  function whenSelling<T>(act: (selling: Selling) => Result<T, CodedError>): Result<T, CodedError> {
    return selling ? act(selling) : err(codedError('OUT_OF_SERVICE', trouble ? describeError(trouble) : 'still starting'));
  }

  boot();

  return {
    connect(port) {
      page?.close();
      page = servePage(port, {
        open: ({ watching }) => {
          const order = selling?.customerComes(watching);
          const shopfront = selling?.shopfront();
          return ok({ status: status(), ...(shopfront ? { shopfront } : {}), ...(order ? { order } : {}) });
        },
        place: (request) => whenSelling((open) => open.place(request)),
        pay: ({ orderId }) => whenSelling((open) => open.pay(orderId)),
        cancelPayment: ({ orderId }) => whenSelling((open) => open.cancelPayment(orderId)),
        cancelOrder: ({ orderId }) => whenSelling((open) => open.cancelOrder(orderId)),
        leave: () => {
          selling?.customerLeaves();
          return ok({});
        },
        wantScanner: ({ wanted }) => {
          selling?.scanning.want(wanted);
          return ok({});
        },
        scan: ({ text }) => {
          selling?.scanning.typed(text);
          return ok({});
        },
        report: ({ message }) => {
          log.warn('the page reports a fault', { detail: message });
          return ok({});
        },
      }, log);
    },
    takeKey(given) {
      key = given;
    },
    pageGone() {
      page = undefined;
      selling?.pageLost();
    },
    async stop() {
      clearTimeout(retryTimer);
      clearInterval(watching);
      technician?.close();
      await selling?.stop();
      store?.close();
    },
  };
}
