import type { KeyObject } from 'node:crypto';
import { StartFailure } from '../../start-failure.ts';
import type { Variables, Warn } from '../adapter/key-files.ts';
import { checkDates, demand, isSameKey, readAddress, readCertificate, readFileOf, readNotifyUrl, readPrivateKey, readPublicKey } from '../adapter/key-files.ts';

export interface WeChatPayConfig {
  readonly mchid: string;
  readonly appid: string;
  /** Of the merchant's certificate, hexadecimal in capitals. */
  readonly serial: string;
  readonly privateKey: KeyObject;
  /** 32 bytes. */
  readonly apiv3Key: Buffer;
  /** By the certificate's serial or the public key's id: whom WeChat Pay may sign as. The first is the one asked for. */
  readonly platformKeys: ReadonlyMap<string, KeyObject>;
  readonly baseUrl: URL;
  readonly notifyUrl: string;
}

/** Undefined where WECHAT_PAY_MCHID is not set. Throws a StartFailure that names what is missing or does not fit together (the variables: ../config.ts). */
export function readWeChatPay(variables: Variables, now: number, warn: Warn): WeChatPayConfig | undefined {
  const mchid = variables['WECHAT_PAY_MCHID'];
  if (!mchid) return undefined;
  if (!/^\d{8,32}$/.test(mchid)) throw new StartFailure('WECHAT_PAY_MCHID must be the merchant number, digits alone.');
  if (!variables['WECHAT_PAY_APIV3_KEY'] && !variables['WECHAT_PAY_APIV3_KEY_FILE']) demand(variables, 'WECHAT_PAY_MCHID', ['WECHAT_PAY_APPID', 'WECHAT_PAY_KEY_FILE', 'WECHAT_PAY_APIV3_KEY_FILE', 'WECHAT_PAY_PLATFORM_KEYS', 'WECHAT_PAY_NOTIFY_URL']);
  const set = demand(variables, 'WECHAT_PAY_MCHID', ['WECHAT_PAY_APPID', 'WECHAT_PAY_KEY_FILE', 'WECHAT_PAY_PLATFORM_KEYS', 'WECHAT_PAY_NOTIFY_URL']);
  if (!/^[a-zA-Z0-9]{8,32}$/.test(set.WECHAT_PAY_APPID)) throw new StartFailure('WECHAT_PAY_APPID must be the application id, letters and digits (wx…).');
  const privateKey = readPrivateKey('WECHAT_PAY_KEY_FILE', set.WECHAT_PAY_KEY_FILE);
  const serial = readSerial(variables, privateKey, now, warn);
  const baseUrl = readAddress('WECHAT_PAY_BASE_URL', variables['WECHAT_PAY_BASE_URL'] || 'https://api.mch.weixin.qq.com/', 'https or loopback');
  return {
    mchid, appid: set.WECHAT_PAY_APPID, serial, privateKey, apiv3Key: readApiv3Key(variables), platformKeys: readPlatformKeys(set.WECHAT_PAY_PLATFORM_KEYS, { serial, key: privateKey }, now, warn),
    baseUrl, notifyUrl: readNotifyUrl('WECHAT_PAY_NOTIFY_URL', set.WECHAT_PAY_NOTIFY_URL, { wallet: 'wechat', gateway: baseUrl }),
  };
}

/** From the certificate, the variable, or both where they agree. */
function readSerial(variables: Variables, privateKey: KeyObject, now: number, warn: Warn): string {
  const { WECHAT_PAY_SERIAL: given, WECHAT_PAY_CERT_FILE: file } = variables;
  if (!given && !file) throw new StartFailure('WECHAT_PAY_MCHID is set, so HQ also needs WECHAT_PAY_CERT_FILE (the merchant\'s certificate) or WECHAT_PAY_SERIAL (its serial number).');
  if (given && !/^[0-9A-Fa-f]{8,64}$/.test(given)) throw new StartFailure('WECHAT_PAY_SERIAL must be the serial number of the merchant\'s certificate in hexadecimal.');
  if (!file) return given?.toUpperCase() ?? '';
  const certificate = readCertificate('WECHAT_PAY_CERT_FILE', file);
  checkDates('WECHAT_PAY_CERT_FILE', certificate, now, warn);
  if (!isSameKey(certificate.publicKey, privateKey)) throw new StartFailure('WECHAT_PAY_CERT_FILE and WECHAT_PAY_KEY_FILE do not belong together: the certificate is of another key.');
  const serial = certificate.serialNumber.toUpperCase();
  if (given && bare(given) !== bare(serial)) throw new StartFailure(`WECHAT_PAY_SERIAL is not the serial number of the certificate in WECHAT_PAY_CERT_FILE, which is ${serial}.`);
  return serial;
}

function readApiv3Key({ WECHAT_PAY_APIV3_KEY: value, WECHAT_PAY_APIV3_KEY_FILE: file }: Variables): Buffer {
  if (value && file) throw new StartFailure('Set WECHAT_PAY_APIV3_KEY or WECHAT_PAY_APIV3_KEY_FILE, not both.');
  const bytes = value ? Buffer.from(value, 'utf8') : readFileOf('WECHAT_PAY_APIV3_KEY_FILE', file ?? '');
  const end = bytes.at(-1) === 0x0a ? (bytes.at(-2) === 0x0d ? 2 : 1) : 0;
  const key = bytes.subarray(0, bytes.length - end);
  if (key.length !== 32) throw new StartFailure(`${value ? 'WECHAT_PAY_APIV3_KEY' : 'WECHAT_PAY_APIV3_KEY_FILE'} must hold 32 bytes, and holds ${key.length}.`);
  return key;
}

/** "PUB_KEY_ID_…=file", "serial=file" of a certificate, or "file" of a certificate, whose serial is then read. */
function readPlatformKeys(list: string, merchant: { readonly serial: string; readonly key: KeyObject }, now: number, warn: Warn): Map<string, KeyObject> {
  const name = 'WECHAT_PAY_PLATFORM_KEYS';
  const keys = new Map<string, KeyObject>();
  for (const entry of list.split(',').map((part) => part.trim()).filter((part) => part !== '')) {
    const match = /^(PUB_KEY_ID_[0-9A-Za-z_]+|[0-9A-Fa-f]{8,64})=(.+)$/.exec(entry);
    const [id, file] = match ? [match[1] ?? '', match[2] ?? ''] : ['', entry];
    const isCertificate = !id.startsWith('PUB_KEY_ID_');
    const key = isCertificate ? certificateKey(name, file, id, now, warn) : { id, key: readPublicKey(name, file) };
    if (isSameKey(key.key, merchant.key) || bare(key.id) === bare(merchant.serial)) throw new StartFailure(`${name}: ${file} is the merchant's own; WeChat Pay's is wanted, which the merchant platform gives out.`);
    if (keys.has(key.id)) throw new StartFailure(`${name} names ${key.id} twice.`);
    keys.set(key.id, key.key);
  }
  if (keys.size === 0) throw new StartFailure(`${name} must name at least one key: PUB_KEY_ID_…=file, or the file of a platform certificate.`);
  return keys;
}

function certificateKey(name: string, file: string, given: string, now: number, warn: Warn): { readonly id: string; readonly key: KeyObject } {
  const certificate = readCertificate(name, file);
  checkDates(`${name} (${file})`, certificate, now, warn);
  const id = certificate.serialNumber.toUpperCase();
  if (given !== '' && bare(given) !== bare(id)) throw new StartFailure(`${name}: ${given} is not the serial number of the certificate ${file}, which is ${id}.`);
  return { id, key: certificate.publicKey };
}

/** OpenSSL and the gateway disagree about a leading zero. */
const bare = (serial: string) => serial.toUpperCase().replace(/^0+/, '');
