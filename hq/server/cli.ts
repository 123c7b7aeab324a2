import { commands, usageOf } from './cli/commands.ts';
import { reachDatabase } from './cli/reach-database.ts';
import { readEnvironment } from './environment/environment.ts';
import { loadSigningKey, registerSigningKey } from './identity/signing-key.ts';
import { StartFailure } from './start-failure.ts';

/** `npm run hq -- <command> …`: what a person decides about HQ and its kiosks. */
async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === 'help' || name === '--help' || name === '-h') return void process.stdout.write(`${usageOf(commands)}\n`);
  const command = commands.find((known) => known.name === name);
  if (!command) throw new StartFailure(name === undefined ? usageOf(commands) : `There is no command "${name}".\n\n${usageOf(commands)}`);
  if (args.length === 1 && args[0] === '--help') return void process.stdout.write(`${usageOf([command])}\n`);
  const environment = readEnvironment(process.env);
  const { sql, end } = await reachDatabase(environment.database, Date.now, { mayMigrate: command.isMigrating === true });
  try {
    await command.run({
      args, sql, environment,
      now: Date.now,
      print: (line) => void process.stdout.write(`${line}\n`),
      signingKey: async () => {
        const key = await loadSigningKey(environment);
        await registerSigningKey(sql, key, Date.now());
        return key;
      },
    });
  } finally {
    await end();
  }
}

// Whoever reads it (`| head`) has read enough.
process.stdout.on('error', () => process.exit(0));

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof StartFailure ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
    process.exit(1);
  },
);
