import { type Command, CommanderError } from 'commander';
import { Problem } from '../cluster/problem.ts';

/** Exit code of a command that could not do what was asked, by the user's mistake or the machine's lack. */
const notDone = 2;

/**
 * Runs a command line. A Problem and a mistaken option end it with a sentence and exit code 2, without a stack.
 */
export async function runCommand(program: Command, argv: string[] = process.argv): Promise<void> {
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : notDone;
    else if (error instanceof Problem) {
      console.error(error.message);
      process.exitCode = notDone;
    } else throw error;
  }
}
