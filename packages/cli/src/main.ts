import { fileError } from 'aigc-label';
import { CommanderError } from 'commander';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { UsageError } from './failure.ts';
import { chooseLanguage } from './language.ts';
import { buildProgram } from './program.ts';
import { tellFatal } from './render-failure.ts';
import { screenOf } from './screen.ts';
import { type Session, speak } from './session.ts';
import { endAtOnce, watchForStop } from './stop.ts';
import { usageSentence } from './usage.ts';

/** The command `aigc-label`; sets the exit code of the process and never throws. */
export const main = async (args: readonly string[]): Promise<void> => {
  const { env } = process;
  const err = screenOf(process.stderr, env);
  const spoken = speak(chooseLanguage(args, env));
  const stop = watchForStop(() => void err.line(spoken.words.stopping));
  const session: Session = { ...spoken, out: screenOf(process.stdout, env), err, env, folder: process.cwd(), stop };
  const die = (error: unknown): void => {
    void tellFatal(error, session).finally(() => endAtOnce(EXIT.error));
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has gone (`| head`) is no error of anybody's.
    if (error.code === 'EPIPE') {
      endAtOnce(EXIT.brokenPipe);
    }
    die(fileError(error, spoken.words.standardOutput));
  });
  process.stderr.on('error', () => endAtOnce(EXIT.error));
  process.exitCode = await run(args, session);
};

const run = async (args: readonly string[], session: Session): Promise<ExitCode> => {
  let code: ExitCode = EXIT.error;
  try {
    await buildProgram(session, (finished) => {
      code = finished;
    }).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === 'commander.help') {
        // No command was named: the help was shown on standard error.
        return error.exitCode === 0 ? EXIT.fine : EXIT.error;
      }
      return error.exitCode === 0 ? EXIT.fine : tellFatal(new UsageError(usageSentence(error, session.words)), session);
    }
    return session.stop.code() ?? tellFatal(error, session);
  }
};
