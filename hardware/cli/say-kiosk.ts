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
  io.out(`speech           ${kiosk.speech === 'ready' ? 'ready' : 'missing: customers who do not see the screen cannot be served; the log says why'}`);
  if (hq) {
    io.out(`HQ               ${standingOf(hq)}; ${hq.waiting} ${hq.waiting === 1 ? 'event waits' : 'events wait'} for it${hq.skewMs === undefined ? '' : `; ${clockOf(hq.skewMs)}`}`);
    io.out(`key for HQ       ${hq.fingerprint}`);
  }

  const isServing = service.kind === 'in_service';
  const isDeviceFaulty = devices.some(({ severity }) => severity === 'fault');
  const troubles = [
    ...(waitingDecisions > 0 ? [`${waitingDecisions} ${waitingDecisions === 1 ? 'decision waits' : 'decisions wait'} for a person: \`npm run device -- attention --data=${folder}\` lists ${waitingDecisions === 1 ? 'it' : 'them'}.`] : []),
    ...(card === 'held' ? [`Card payments are held: no card is taken until ${waitingDecisions > 0 ? 'the earlier payment is decided, or the terminal tells how it ended' : 'the terminal tells how the last one ended'}.`] : []),
    // Where no device says why: a terminal that has its receipts printed by the kiosk, for one.
    ...(isServing && card === 'unavailable' && !isDeviceFaulty ? ['No card can be taken now.'] : []),
    ...(isServing && kiosk.paper === 'unavailable' && !isDeviceFaulty ? ['No receipt can be printed now.'] : []),
    // An HQ that is away is none: that is told above, and mends itself.
    ...(hq?.refusedAs ? [`HQ takes nothing from this kiosk (${hq.refusedAs}): it sells on and keeps everything, and a person at HQ decides.`] : []),
    ...(hq && !hq.refusedAs && hq.state === 'waiting' ? ['HQ waits for a person to approve this kiosk, by the key above.'] : []),
  ];
  // Without devices nothing is known of them; beside other trouble "all devices" would be taken for the whole answer.
  if (isDeviceFaulty || (isServing && troubles.length === 0)) sayVerdict(devices, io);
  for (const trouble of troubles) io.out(trouble);
  return isServing && !isDeviceFaulty && troubles.length === 0 ? 0 : 1;
}

type Hq = NonNullable<TechnicianAnswer<'status'>['hq']>;

function standingOf({ refusedAs, state, online }: Hq): string {
  if (refusedAs) return `refuses this kiosk (${refusedAs})`;
  if (state === 'waiting') return 'waits for a person to approve this kiosk';
  if (state === 'made') return 'does not know this kiosk yet';
  return online ? 'answers' : 'is away';
}

/** @param skewMs HQ's clock less this one's */
function clockOf(skewMs: number): string {
  const seconds = (Math.abs(skewMs) / 1000).toFixed(1);
  return seconds === '0.0' ? 'the clocks agree' : `its clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} this one`;
}

function metres(mm: number): string {
  return `${(mm / 1000).toFixed(1)} m`;
}
