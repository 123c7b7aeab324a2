import { randomInt } from 'node:crypto';
import type { Wallet } from './trade.ts';

export interface CodeOptions {
  /** The phone asks for the password, whatever the amount. */
  readonly needsPassword?: boolean | undefined;
  /** It asks above this amount; the wallets do above 1000 yuan. */
  readonly passwordAboveFen?: number | undefined;
  readonly balanceFen?: number | undefined;
  readonly validMs?: number | undefined;
}

export interface ShownCode {
  readonly digits: string;
  readonly expiresAt: number;
}

export type TakenCode =
  | { readonly kind: 'taken'; readonly needsPassword: boolean; readonly passwordAboveFen: number; readonly balanceFen: number }
  | { readonly kind: 'invalid' | 'expired' | 'used' };

export interface Codes {
  show(wallet: Wallet, options?: CodeOptions): ShownCode;
  /** Uses a code up: whatever comes of it, it is good for one payment. */
  take(wallet: Wallet, digits: string): TakenCode;
}

interface Kept extends Required<CodeOptions> {
  readonly wallet: Wallet;
  readonly expiresAt: number;
  isUsed: boolean;
}

/** A wallet's payment codes: one payment each, a minute long, and known to this process alone. They are written down nowhere. */
export function createCodes(now: () => number): Codes {
  const kept = new Map<string, Kept>();
  const forget = () => {
    // A used or late one stays known for a while, so that it is refused for what it is.
    for (const [digits, code] of kept) if (now() > code.expiresAt + 3_600_000) kept.delete(digits);
  };
  return {
    show(wallet, { needsPassword = false, passwordAboveFen = 100_000, balanceFen = 100_000_000, validMs = 60_000 } = {}) {
      forget();
      // WeChat: 18 digits from 10 to 15. Alipay: 16 to 24 digits from 25 to 30.
      const digits = `${wallet === 'wechat' ? '13' : '28'}${Array.from({ length: 16 }, () => randomInt(10)).join('')}`;
      const expiresAt = now() + validMs;
      kept.set(digits, { wallet, expiresAt, isUsed: false, needsPassword: needsPassword ?? false, passwordAboveFen: passwordAboveFen ?? 0, balanceFen: balanceFen ?? 0, validMs: validMs ?? 0 });
      return { digits, expiresAt };
    },
    take(wallet, digits) {
      const code = kept.get(digits);
      if (!code || code.wallet !== wallet) return { kind: 'invalid' };
      if (code.isUsed) return { kind: 'used' };
      if (now() > code.expiresAt) return { kind: 'expired' };
      code.isUsed = true;
      const { needsPassword = false, passwordAboveFen = 0, balanceFen = 0 } = code;
      return { kind: 'taken', needsPassword, passwordAboveFen, balanceFen };
    },
  };
}
