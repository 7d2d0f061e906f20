import { expect, test } from 'vitest';
import { bodyLine, differenceLine, letters } from './letters.ts';

test('are the alphabet over and over', () => {
  expect(letters(0)).toBe('');
  expect(letters(28)).toBe('abcdefghijklmnopqrstuvwxyzab');
  expect(letters(262_144)).toHaveLength(262_144);
  expect(letters(262_144).charCodeAt(262_143)).toBe(97 + (262_143 % 26));
});

test.for([
  ['', '0 letters'],
  ['a', '1 letter'],
  [letters(262_144), '262144 letters'],
  ['b', '1 byte, not the letters that were sent: byte 0 is "b" and not "a"'],
  ['abca', '4 bytes, not the letters that were sent: byte 3 is "a" and not "d"'],
  ['abü', '4 bytes, not the letters that were sent: byte 2 is "ü" and not "c"'],
] as const)('a body in a few words: %s', ([body, line]) => {
  expect(bodyLine(body)).toBe(line);
});

test.for([
  ['abc', 'abx', 'byte 2 is "x" and not "c"'],
  ['abc', 'ab', 'byte 2, "c", is missing'],
  ['abc', 'abcd', 'byte 3, "d", is one too many'],
] as const)('where it differs: %s, %s', ([wanted, got, line]) => {
  expect(differenceLine(wanted, got)).toBe(line);
});
