import type { TechnicianAnswer } from '../../domain/contract/technician.ts';
import type { Language } from '../../domain/language.ts';
import { kioskSentenceOf } from './cli-error.ts';
import type { ExitCode, Io } from './io.ts';
import { sayState, sayTimes, sayVerdict } from './say.ts';

/** A running kiosk with all that keeps it from its work. Answers the exit code: 0 only where nothing does. */
export function sayKiosk({ kiosk, devices, paper, waitingPrints, waitingDecisions, hq }: TechnicianAnswer<'status'>, language: Language, folder: string, io: Io): ExitCode {
  const { service, card } = kiosk;
  if (service.kind === 'out_of_service') io.out(`kiosk            out of service because of ${kioskSentenceOf(service.reason)}`);
  else io.out(`kiosk            ${service.kind === 'starting' ? 'starting' : service.kind === 'paused' ? 'paused by HQ' : 'in service'}; card ${card}, paper ${kiosk.paper}`);
  for (const state of devices) {
    sayState(state, language, io);
    sayTimes(state, io.now(), io);
  }
  const { usedMm, leftMm, receiptsLeft } = paper;
  io.out(`paper            ${metres(usedMm)} used of this roll${leftMm === undefined ? '' : `, ${metres(leftMm)} left`}${receiptsLeft === undefined ? '' : `, about ${receiptsLeft} receipts`}`);
  io.out(`print queue      ${waitingPrints} waiting`);
  if (hq) {
    const standing = hq.refusedAs ? `refuses this kiosk (${hq.refusedAs})` : hq.state !== 'approved' ? (hq.state === 'waiting' ? 'waits for a person to approve this kiosk' : 'does not know this kiosk yet') : hq.online ? 'answers' : 'is away';
    io.out(`HQ               ${standing}; ${hq.waiting} events wait${hq.skewMs === undefined ? '' : `; its clock is ${(hq.skewMs / 1000).toFixed(1)} s ahead of this one`}`);
    io.out(`key              ${hq.fingerprint}`);
  }

  const isServing = service.kind === 'in_service';
  const isDeviceFaulty = devices.some(({ severity }) => severity === 'fault');
  const troubles = [
    ...(waitingDecisions > 0 ? [`${waitingDecisions} ${waitingDecisions === 1 ? 'decision waits' : 'decisions wait'} for a person: \`npm run device -- attention --data=${folder}\` lists ${waitingDecisions === 1 ? 'it' : 'them'}.`] : []),
    ...(card === 'held' ? [`Card payments are held: no card is taken until ${waitingDecisions > 0 ? 'the earlier payment is decided, or the terminal tells how it ended' : 'the terminal tells how the last one ended'}.`] : []),
    // Where no device says why: a terminal that has its receipts printed by the kiosk, for one.
    ...(isServing && card === 'unavailable' && !isDeviceFaulty ? ['No card can be taken now.'] : []),
    ...(isServing && kiosk.paper === 'unavailable' && !isDeviceFaulty ? ['No receipt can be printed now.'] : []),
  ];
  // Without devices nothing is known of them; beside other trouble "all devices" would be taken for the whole answer.
  if (isDeviceFaulty || (isServing && troubles.length === 0)) sayVerdict(devices, io);
  for (const trouble of troubles) io.out(trouble);
  return isServing && !isDeviceFaulty && troubles.length === 0 ? 0 : 1;
}

function metres(mm: number): string {
  return `${(mm / 1000).toFixed(1)} m`;
}
