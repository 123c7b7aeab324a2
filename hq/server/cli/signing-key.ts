import { shownFingerprint } from '../../../domain/sync/fingerprint.ts';
import { StartFailure } from '../start-failure.ts';
import { readWords } from './arguments.ts';
import type { HqCommand } from './command.ts';

/** HQ's own key: what kiosks may be told to pin, and what to do when it is lost. */
export const signingKeyCommands: readonly HqCommand[] = [
  {
    name: 'signing-key', usage: '', about: "prints HQ's public key, for the configuration of kiosks that shall believe no other",
    run: async ({ args, print, signingKey }) => {
      readWords(args, 0);
      const { publicKey, fingerprint } = await signingKey();
      print(publicKey);
      print(`fingerprint ${shownFingerprint(fingerprint)}`);
    },
  },
  {
    name: 'forget-signing-key', usage: '<fingerprint>', about: 'lets HQ start with another key after that one was lost; every kiosk then has to be told of the new one',
    run: async ({ args, sql, print }) => {
      const prefix = args.join('').toLowerCase();
      if (!/^[0-9a-f]{16,64}$/.test(prefix)) throw new StartFailure('Name the key that is lost by at least 16 digits of its fingerprint.');
      const gone = await sql`delete from hq_signing_keys where starts_with(fingerprint, ${prefix}) returning fingerprint`;
      if (gone.length === 0) throw new StartFailure('The kiosks of this database trust no such key.');
      print('forgotten: the next HQ that starts on this database brings its own key');
    },
  },
];
