import { z } from 'zod';
import { wallets } from '../scan/payment-code.ts';

/** How an order is paid: at the card terminal, or with a wallet on the customer's phone, through HQ. */
export const tenders = ['card', ...wallets] as const;
export const tenderSchema = z.enum(tenders);
export type Tender = z.infer<typeof tenderSchema>;

export const walletSchema = z.enum(wallets);

/**
 * Who shows the code: the kiosk, and the customer's phone reads it (`shown`: WeChat Native, Alipay precreate), or the phone, and the kiosk's scanner
 * reads it (`read`: WeChat code pay, Alipay trade.pay).
 */
export const walletModes = ['shown', 'read'] as const;
export const walletModeSchema = z.enum(walletModes);
export type WalletMode = z.infer<typeof walletModeSchema>;

/** What a gateway tells of a payment that was made. Nothing of it names the customer. */
export const walletDetailsSchema = z.strictObject({
  /** The gateway's own number of it, which the customer's phone shows too. */
  transactionId: z.string().max(64),
  /** As the gateway says, epoch milliseconds UTC. */
  paidAt: z.int().min(0).optional(),
});
export type WalletDetails = z.infer<typeof walletDetailsSchema>;

/** Why a wallet payment was refused or could not begin, as far as its customer can do something about it. */
export const walletRefusals = ['code_unusable', 'not_enough', 'limit', 'refused', 'too_late'] as const;
export const walletRefusalSchema = z.enum(walletRefusals);
export type WalletRefusal = z.infer<typeof walletRefusalSchema>;
