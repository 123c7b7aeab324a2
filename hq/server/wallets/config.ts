import type { Wallet } from '../../../domain/scan/payment-code.ts';
import { isLoopbackHost } from '../environment/environment.ts';
import { StartFailure } from '../start-failure.ts';
import type { Variables, Warn } from './adapter/key-files.ts';
import { readAlipay } from './alipay/config.ts';
import type { WalletGateway } from './gateway.ts';
import { readWeChatPay } from './wechat-pay/config.ts';

/**
 * The wallets that HQ takes, from the environment. A wallet is on where its first variable is set; then everything else of it is checked, and what is missing, cannot
 * be read or does not fit together is a StartFailure that names it; a certificate that ends soon, or has, is told to `warn`. Keys are read from files once, live in
 * memory alone, and go to nobody.
 *
 * WeChat Pay (直连商户, APIv3):
 * - WECHAT_PAY_MCHID: the merchant number.
 * - WECHAT_PAY_APPID: the application that is bound to it.
 * - WECHAT_PAY_KEY_FILE: the merchant's private key, PEM (apiclient_key.pem).
 * - WECHAT_PAY_CERT_FILE: the merchant's certificate, PEM (apiclient_cert.pem), or WECHAT_PAY_SERIAL: its serial number. Both must agree.
 * - WECHAT_PAY_APIV3_KEY_FILE: a file with the 32 bytes of the APIv3 key, or WECHAT_PAY_APIV3_KEY: the bytes.
 * - WECHAT_PAY_PLATFORM_KEYS: whom its answers may be signed by, separated by commas, more than one while WeChat Pay changes its own:
 *   `PUB_KEY_ID_…=file` (its public key), `serial=file` or `file` (a platform certificate). The first is the one that is asked for.
 * - WECHAT_PAY_NOTIFY_URL: https://…/notify/wechat of this HQ, as the gateway reaches it.
 * - WECHAT_PAY_BASE_URL: https://api.mch.weixin.qq.com/ where it is not set. Plain http for this machine alone.
 *
 * Alipay (当面付, gateway.do):
 * - ALIPAY_APP_ID: the application.
 * - ALIPAY_KEY_FILE: its private key, PEM or the bare base64 that Alipay's tool writes, PKCS#1 or PKCS#8.
 * - ALIPAY_PUBLIC_KEY_FILE: Alipay's public key (not the application's), PEM or bare base64; or, where the application uses certificates, all three of
 *   ALIPAY_APP_CERT_FILE, ALIPAY_PUBLIC_CERT_FILE and ALIPAY_ROOT_CERT_FILE.
 * - ALIPAY_NOTIFY_URL: https://…/notify/alipay of this HQ, as the gateway reaches it.
 * - ALIPAY_SELLER_ID: optional, 2088…: a notification for another seller is not believed.
 * - ALIPAY_GATEWAY: https://openapi.alipay.com/gateway.do where it is not set. Plain http for this machine alone.
 */
export async function readWallets(variables: Variables, now: () => number, warn: Warn = () => {}): Promise<readonly WalletGateway[]> {
  complainOfStrays(variables);
  const [wechat, alipay] = [readWeChatPay(variables, now(), warn), readAlipay(variables, now(), warn)];
  // The SDKs cost 70 MB and a third of a second: an HQ without a wallet, and its tests, go without them.
  return [
    ...(wechat ? [(await import('./wechat-pay/gateway.ts')).createWeChatPay({ config: wechat, now })] : []),
    ...(alipay ? [(await import('./alipay/gateway.ts')).createAlipay({ config: alipay, now })] : []),
  ];
}

/** Which of them go to this machine: that is for trying, and HQ says so loudly. */
export function gatewaysHere(variables: Variables): readonly Wallet[] {
  const isHere = (address: string | undefined) => address !== undefined && URL.canParse(address) && isLoopbackHost(new URL(address).hostname);
  return [...(variables['WECHAT_PAY_MCHID'] && isHere(variables['WECHAT_PAY_BASE_URL']) ? ['wechat' as const] : []), ...(variables['ALIPAY_APP_ID'] && isHere(variables['ALIPAY_GATEWAY']) ? ['alipay' as const] : [])];
}

/** Half a wallet is a mistake: somebody waits for a way to pay that never comes. */
function complainOfStrays(variables: Variables): void {
  for (const [prefix, first] of [['WECHAT_PAY_', 'WECHAT_PAY_MCHID'], ['ALIPAY_', 'ALIPAY_APP_ID']] as const) {
    const stray = Object.keys(variables).find((name) => name.startsWith(prefix) && variables[name]);
    if (stray !== undefined && !variables[first]) throw new StartFailure(`${stray} is set, so HQ also needs ${first}.`);
  }
}
