import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { KioskConfig } from '../../domain/contract/config.ts';
import type { CodedError, ErrorCode } from '../../domain/contract/errors.ts';
import { codedError, describeError } from '../../domain/contract/errors.ts';
import type { KioskStatus } from '../../domain/contract/kiosk.ts';
import type { DevicesView } from '../../domain/contract/staff.ts';
import type { CoreToShell, StartMessage } from '../../domain/contract/shell.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import { createEspeak } from '../../hardware/speech/espeak-ng.ts';
import { appVersion } from '../../domain/version.ts';
import type { StoreEvent } from '../store/integrity-events.ts';
import type { OpenStore } from '../store/open.ts';
import type { Backstage } from './backstage.ts';
import { secondFolderOf, startBackstage } from './backstage.ts';
import { readConfig } from './configuration.ts';
import { createNewIds } from './new-ids.ts';
import { withHqConfig } from './document-keeper.ts';
import { faultOf } from './faults.ts';
import type { Log } from './log.ts';
import type { Page } from './page.ts';
import { createPictures } from './screen-pictures.ts';
import { clipError, servePage } from './page.ts';
import { createPageRequests } from './page-requests.ts';
import type { Port } from './port.ts';
import type { Probes, Selling } from './selling.ts';
import { startSelling } from './selling.ts';
import type { StaffDesk } from './staff/desk.ts';
import { createStaffDesk } from './staff/desk.ts';
import type { KioskState } from './state-teller.ts';
import { createStateTeller, serviceOf } from './state-teller.ts';
import type { StoreOpener } from './store-opener.ts';
import { createStoreOpener } from './store-opener.ts';
import type { Speech } from './speech.ts';
import { createSpeech } from './speech.ts';
import { createTechnicianHandlers, howHqKnowsUs } from './technician-handlers.ts';
import type { TechnicianSocket } from './technician-socket.ts';
import { openTechnicianSocket } from './technician-socket.ts';

export interface KioskDeps {
  readonly start: StartMessage;
  readonly log: Log;
  readonly tellShell: (message: CoreToShell) => void;
  /** HQ wants core to be started again. */
  readonly onRestartWanted: () => void;
  readonly probes?: Probes;
}

type HeldKey = Extract<StartMessage['key'], { ok: true }>['value'];

export interface Kiosk {
  /** A page has come; it replaces the one before. */
  connect(port: Port): void;
  pageGone(): void;
  /** The answer to `picture_wanted`. */
  takePicture(picture: string | undefined): void;
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
export function createKiosk({ start, log: ownLog, tellShell, onRestartWanted, probes }: KioskDeps): Kiosk {
  const now = () => Date.now();
  const boot = { id: randomUUID(), monotonicMs: () => performance.now() };
  const storeFolder = path.join(start.dataFolder, 'store');
  const runtime = {
    now,
    monotonicNow: () => performance.now(),
    newId: createNewIds(now),
    newToken: () => randomBytes(16).toString('base64url'),
    random: Math.random,
  };
  let opener: StoreOpener | undefined;
  let store: OpenStore | undefined;
  let backstage: Backstage | undefined;
  let selling: Selling | undefined;
  /** All of it is closed and opened again as soon as nobody is there: for another key, or to repair the store. */
  let isReopenWanted = false;
  /** Found while selling: whoever has paid is served, and nobody new. */
  let damage: CodedError | undefined;
  let isClosing = false;
  let isStopped = false;
  /** Somebody is at the screen, as the page says. */
  let isVisited = false;
  /** A visit has ended while there was nobody to tell: what was left of it ends first. */
  let isEndUnheard = false;
  let technician: TechnicianSocket | undefined;
  let trouble: CodedError | undefined;
  let page: Page | undefined;
  let visits = 0;
  let speech: Speech | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  let { key } = start;
  const watching = setInterval(watchStore, retryMs);
  /** HQ hears what is logged once the store is open. */
  const log: Log = {
    info: (message, fields) => (backstage?.log ?? ownLog).info(message, fields),
    warn: (message, fields) => (backstage?.log ?? ownLog).warn(message, fields),
    error: (error, fields) => (backstage?.log ?? ownLog).error(error, fields),
  };

  const pictures = createPictures(tellShell);
  const staff: StaffDesk = createStaffDesk({
    send: (name, payload) => page?.send(name, payload),
    selling: () => selling,
    outOfService, around, restart: onRestartWanted, now, monotonicNow: runtime.monotonicNow, log,
    openCodes: () => new Set<string>([...(trouble ? [trouble.code] : []), ...(backstage?.isHqThere() ? [] : ['HQ_UNAVAILABLE'])]),
  });
  const teller = createStateTeller({
    state: kioskState, monotonicNow: runtime.monotonicNow,
    tell: (state) => backstage?.emitter.transaction(() => backstage?.emitter.emit('kiosk.state', state))(),
    onFault(cause) {
      backstage?.storeFault(cause);
      log.error(faultOf(cause));
    },
  });

  /** Undefined where there is nothing to write it into, and where nobody would tell it. */
  function kioskState(): KioskState | undefined {
    if (!backstage || probes?.isAlone) return undefined;
    const devices = selling?.deviceStates() ?? [];
    const service = serviceOf(status(), devices);
    const freeBytes = backstage.freeBytes();
    const waiting = backstage.sync()?.waiting;
    return service && {
      ...service, devices: [...devices].slice(0, 20), app: appVersion,
      ...(waiting ? { waiting: waiting.orders + waiting.stock + waiting.logs } : {}),
      ...(selling ? { paper: selling.paperForecast() } : {}), ...(freeBytes === undefined ? {} : { freeBytes }),
    };
  }

  function around(): Pick<DevicesView, 'hq' | 'app' | 'kioskId' | 'freeBytes' | 'paused'> {
    const hq = backstage && howHqKnowsUs(backstage);
    const freeBytes = backstage?.freeBytes();
    return {
      ...(hq ? { hq: { online: hq.online, waiting: hq.waiting, fingerprint: hq.fingerprint, ...(hq.skewMs === undefined ? {} : { skewMs: hq.skewMs }) } } : {}),
      app: appVersion, kioskId: backstage?.kioskId ?? '', paused: selling?.paused() !== undefined, ...(freeBytes === undefined ? {} : { freeBytes }),
    };
  }

  function outOfService(): CodedError {
    return codedError('OUT_OF_SERVICE', trouble ? describeError(trouble) : 'still starting');
  }

  function begin(): void {
    clearTimeout(retryTimer);
    const booted = bootSafely();
    if (booted.ok) {
      if (trouble) log.info('in service');
      trouble = undefined;
    } else {
      const found = clipError(booted.error);
      if (!trouble || describeError(trouble) !== describeError(found)) log.error(found);
      trouble = found;
      if (keyTroubles.has(found.code)) tellShell({ kind: 'key_wanted' });
      retryTimer = setTimeout(begin, retryMs);
    }
    // With the store in hand no other kiosk runs on this folder, whose socket this could be.
    if (store) technician ??= openTechnicianSocket(start.dataFolder, technicianHandlers, log);
    sendStatus();
    const shopfront = selling?.shopfront();
    if (shopfront) page?.send('shopfront', shopfront);
  }

  /** A store that cannot be written (a full disk) is one more reason to be out of service, and none to end. */
  function bootSafely(): Result<void, CodedError> {
    try {
      return tryBoot();
    } catch (cause) {
      backstage?.storeFault(cause);
      return err(faultOf(cause));
    }
  }

  function tryBoot(): Result<void, CodedError> {
    if (selling) return ok();
    const config = readConfig(start.configFile);
    if (!config.ok) return config;
    speech ??= startSpeech(config.value);
    if (!key.ok) return key;
    if (!store) {
      const opened = openStoreWith(config.value, key.value);
      if (!opened.ok) return opened;
      store = opened.value;
    }
    if (!backstage) {
      const behind = startBackstage({
        config: config.value, configFile: start.configFile, dataFolder: start.dataFolder, sqliteAddon: start.sqliteAddon, store, boot, now, newId: runtime.newId,
        log: ownLog, hasThreads: probes?.isAlone !== true,
        onDisk: sendStatus,
        onChange: () => selling?.lookAround(),
        onHq() {
          selling?.hqChanged();
          sendStatus();
        },
        onDamage() {
          isReopenWanted = true;
          damage = codedError('STORE_DAMAGED', 'it is mended as soon as nobody is there');
          sendStatus();
        },
      });
      if (!behind.ok) return behind;
      backstage = behind.value;
      tellRotation(backstage);
      staff.open(config.value, start.configFile, backstage);
    }
    // Before anybody can be there; what begins below is then made of them.
    if (!isVisited) backstage.documents.applyWaiting();
    const started = startSelling({
      config: withHqConfig(config.value, backstage.documents.current('config')), configFile: start.configFile, backstage, boot, log, ...runtime, ...(probes ? { probes } : {}),
      isVisited: () => isVisited,
      mayTakeMoney: () => !staff.isIn() && storeTrouble() === undefined,
      ...staff.forSelling,
      sentPicturesFolder: path.join(start.dataFolder, 'pictures'),
      takePicture: pictures.take,
      // Staff who were there for a moment only are on the picture, too.
      visits: () => visits + staff.stays(),
      onDevices: () => teller.look(),
      onRemake: () => void remake(),
      onRestartWanted,
      onStatus: sendStatus,
      kioskStatus: status,
      onShopfront: (shopfront) => page?.send('shopfront', shopfront),
      onStock: (stock) => page?.send('stock', stock),
      onOrder: (order) => page?.send('order', order),
      onScanned: (scanned) => page?.send('scanned', scanned),
      onHelp: (view) => page?.send('help', view),
    });
    if (!started.ok) return started;
    selling = started.value;
    if (isEndUnheard) selling.visitEnded();
    isEndUnheard = false;
    return ok();
  }

  function startSpeech({ speech: { program } }: KioskConfig): Speech {
    const started = createSpeech({ synthesiser: createEspeak({ program }), log });
    started.onState(sendStatus);
    started.onWave((id, wave) => page?.send('speech', { id, ...(wave === undefined ? {} : { wave }) }));
    return started;
  }

  function openStoreWith(config: KioskConfig, held: HeldKey): Result<OpenStore, CodedError> {
    opener ??= createStoreOpener({
      folder: storeFolder, secondFolder: secondFolderOf(config, start.configFile), nativeBinding: start.sqliteAddon, now,
      onEvent: tellStoreEvent, tellShell, onTrouble: ownLog.error,
    });
    return opener.open(held);
  }

  function tellRotation({ emitter }: Backstage): void {
    const provider = opener?.takeRotated();
    if (provider === undefined) return;
    emitter.transaction(() => emitter.emit('store.key_rotated', { provider }))();
    log.info('the key of the store was changed', { provider });
  }

  /** HQ has set what selling was made of: it ends, and begins anew. Never before it has begun: it may be asked for while it does. */
  async function remake(): Promise<void> {
    if (isClosing) return;
    isClosing = true;
    try {
      await Promise.resolve();
      await close('selling');
    } finally {
      isClosing = false;
    }
    if (!isStopped) begin();
  }

  function tellStoreEvent({ level, code, message, fields }: StoreEvent): void {
    if (code) ownLog.error(codedError(code, message), fields);
    else ownLog[level === 'info' ? 'info' : 'warn'](message, fields);
  }

  /** In the order in which each uses the next. What is not closed goes on. */
  async function close(upTo: 'selling' | 'store'): Promise<void> {
    const [ending, behind, held] = [selling, backstage, store];
    clearTimeout(retryTimer);
    selling = undefined;
    await ending?.stop();
    if (upTo === 'selling') return;
    staff.close();
    backstage = undefined;
    store = undefined;
    await behind?.stop();
    held?.close();
  }

  /**
   * Somebody took the store away under us: what is written from now on would be lost, so selling ends, between two payments. Or all of it is to be opened
   * anew, when nobody is there.
   */
  function watchStore(): void {
    if (!store || isClosing || selling?.isPaying()) return;
    if (!store.isInPlace()) {
      trouble = codedError('STORE_MISSING', storeFolder);
      log.error(trouble);
    } else if (isReopenWanted && selling?.isNobodyThere() !== false) isReopenWanted = false;
    else return;
    damage = undefined;
    isClosing = true;
    const closed = close('store');
    sendStatus();
    void closed.then(() => {
      isClosing = false;
      if (!isStopped) retryTimer = setTimeout(begin, trouble ? retryMs : 0);
    });
  }

  function status(): KioskStatus {
    const others = { hq: backstage?.isHqThere() ? 'ready' : 'away', speech: speech?.state() ?? 'missing' } as const;
    const fault = storeTrouble();
    if (selling && fault) return { service: { kind: 'out_of_service', reason: fault }, ...selling.devices(), ...others };
    const pause = selling?.paused();
    if (selling && pause) return { service: { kind: 'paused', ...(pause.notice ? { notice: pause.notice } : {}) }, ...selling.devices(), ...others };
    if (selling) return { service: { kind: 'in_service' }, ...selling.devices(), ...others };
    const service = trouble ? ({ kind: 'out_of_service', reason: trouble } as const) : ({ kind: 'starting' } as const);
    return { service, card: 'unavailable', wallets: [], paper: 'unavailable', ...others };
  }

  let lastStatus = '';
  function sendStatus(): void {
    teller.look();
    const current = status();
    const text = JSON.stringify(current);
    if (text === lastStatus) return;
    lastStatus = text;
    page?.send('status', current);
  }

  /** Why nothing may be sold although selling goes on for whoever has paid. */
  function storeTrouble(): CodedError | undefined {
    return backstage?.disk() === 'full' ? codedError('DISK_FULL') : damage;
  }

  const technicianHandlers = createTechnicianHandlers({ selling: () => selling, backstage: () => backstage, status, outOfService, rotateKey: () => tellShell({ kind: 'rotate_key' }) });
  const pageRequests = createPageRequests({
    selling: () => selling, status, outOfService, storeTrouble, isStaffIn: () => staff.isIn(), log,
    storeFault: (cause) => backstage?.storeFault(cause),
    onVisit(isThere) {
      isVisited = isThere;
      if (isThere) visits += 1;
      isEndUnheard ||= !isThere && !selling;
    },
    speak(request) {
      if (speech) speech.speak(request);
      else page?.send('speech', { id: request.id });
    },
  });
  begin();

  return {
    connect(port) {
      isVisited = false;
      page?.close();
      // Before another page hears anything: who was in was in at the one before.
      staff.pageLost();
      page = servePage(port, pageRequests, staff.gate, log);
    },
    takePicture: pictures.taken,
    takeKey(given) {
      key = given;
      if (given.ok && given.value.nextHex !== undefined) isReopenWanted = true;
    },
    pageGone() {
      isVisited = false;
      staff.pageLost();
      // What it asked for and what is still under way is answered to nobody.
      page?.close();
      page = undefined;
      selling?.pageLost();
    },
    async stop() {
      isStopped = true;
      clearInterval(watching);
      teller.stop();
      technician?.close();
      speech?.stop();
      await close('store');
    },
  };
}
