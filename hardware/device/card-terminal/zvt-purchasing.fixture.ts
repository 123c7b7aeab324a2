import { expect } from 'vitest';
import type { Authorisation, CardDetails, TerminalSlip } from './port.ts';
import { specification } from './profiles.ts';
import type { TerminalProfile } from './profiles.ts';
import { createSlips } from './slips.ts';
import { scriptedPeer, settle } from './scripted-peer.fixture.ts';
import { authorisationExchange } from './zvt-authorisation.ts';
import { createZvtExchanges } from './zvt-exchange.ts';
import { createZvtLink } from './zvt-link.ts';
import { purchase } from './zvt-terminal.fixture.ts';

export const authorisation = '06010a04000000001250490156';
/** 12.50 with receipt and trace number 1. */
export const approved = '040f132700040000000012508700010b000001490156';

export interface PurchasingOptions {
  readonly profile?: Partial<TerminalProfile>;
  readonly purchase?: Partial<Authorisation>;
  readonly canPrint?: () => boolean;
  /** What 06 01 looks like, where it is not the plain one. */
  readonly command?: string;
}

/** A purchase that the scripted terminal has: 06 01 heard and acknowledged, not yet answered. */
export async function purchasing({ profile: deviations = {}, purchase: overrides = {}, canPrint = () => true, command = authorisation }: PurchasingOptions = {}) {
  const profile = { ...specification, ...deviations };
  const peer = await scriptedPeer();
  const link = createZvtLink({ transport: peer.kioskEnd, profile, trace: () => {} });
  const refusals: CardDetails[] = [];
  const slips: TerminalSlip[] = [];
  const exchanges = createZvtExchanges({
    link,
    transport: peer.kioskEnd,
    profile,
    trace: () => {},
    onRefusedApproval: (card) => refusals.push(card),
    slips: createSlips({ charset: profile.charset, canPrint, trace: () => {}, tell: (slip) => slips.push(slip) }),
  });
  const { authorisation: asked, approvals, messages } = purchase(overrides);
  const { exchange, outcomeOf } = authorisationExchange(asked, profile);
  let outcome: ReturnType<typeof outcomeOf> | undefined;
  void exchanges.run(exchange).then((end) => (outcome = outcomeOf(end)));
  await settle();
  expect(peer.heard.splice(0)).toEqual([command]);
  await peer.sendBytes('06');
  return {
    ...peer,
    exchanges,
    approvals,
    messages,
    refusals,
    slips,
    outcome: () => outcome,
    /** The terminal's message, and its ACK to our answer. */
    async tell(apdu: string) {
      await peer.sendApdu(apdu);
      await peer.sendBytes('06');
    },
    take: () => peer.heard.splice(0),
  };
}
