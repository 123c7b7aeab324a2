import path from 'node:path';
import type { KeptScript } from './keep.ts';
import { keepScript } from './keep.ts';

export interface LoopbackWallets {
  readonly kind: 'ready';
  readonly url: string;
  /** What HQ gets, so that it pays there. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Development's WeChat Pay and Alipay: a process of its own with books of its own, which outlive HQ as the real ones' do. Undefined where the environment already says
 * which gateways HQ is to use.
 */
export function loopbackWallets({ folder, hqUrl }: { readonly folder: string; readonly hqUrl: string }): KeptScript<LoopbackWallets> | undefined {
  if (process.env['WECHAT_PAY_MCHID'] || process.env['ALIPAY_APP_ID']) return undefined;
  return keepScript<LoopbackWallets>({
    name: "the wallets' loopback gateways",
    // Where it was the first time: HQ knows them by that address.
    script: (first) => ({ script: 'hq/server/sim/wallets/main.ts', args: [`--folder=${path.join(folder, 'wallets')}`, `--hq=${hqUrl}`, `--port=${first ? new URL(first.url).port : 0}`] }),
  });
}
