import { InvalidArgumentError } from 'commander';

/** Reads an option's number from 1 on. @throws InvalidArgumentError, which commander puts into words */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number from 1 on is needed');
  return Number(text);
}
