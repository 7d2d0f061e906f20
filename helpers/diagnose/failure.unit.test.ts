import { AssertionError } from 'node:assert';
import { expect, test } from 'vitest';
import { Problem } from '../../cluster/problem.ts';
import { WaitTimeout } from '../kube/wait.ts';
import { failureOf } from './failure.ts';

const again = 'npm test -- x';

test('an error of the helpers is taken at its word', () => {
  const problem = new Problem({ asked: 'reach it', got: 'nothing', cause: 'no way', next: 'kubectl get it' });
  expect(failureOf(problem, again)).toEqual({
    expected: 'reach it',
    got: 'nothing',
    cause: 'no way',
    repro: 'kubectl get it',
  });
});

test('a wait that timed out says what it waited for and what it saw last', () => {
  expect(
    failureOf(new WaitTimeout('Gateway g to be Programmed', 1_000, 'Accepted: True'), again),
  ).toMatchObject({
    expected: 'Gateway g to be Programmed within 1 s',
    got: 'Accepted: True',
    repro: again,
  });
});

test('an assertion says what it expected and got, and why', () => {
  const error = new AssertionError({ message: 'the port of the listener\nmore', expected: 80, actual: 8080 });
  expect(failureOf(error, again)).toEqual({
    expected: '80',
    got: '8080',
    cause: 'the port of the listener',
    repro: again,
  });
});

test('what an assertion compares is told also where one side is nothing, or a text', () => {
  expect(failureOf({ expected: 'a' }, again)).toMatchObject({ expected: 'a', got: 'undefined' });
  expect(failureOf({ actual: { b: 1 } }, again)).toMatchObject({ expected: 'undefined', got: '{"b":1}' });
});

test('an error that says what was asked, and not what came, is none of the helpers', () => {
  expect(failureOf({ asked: 'reach it', message: 'boom' }, again)).toBeUndefined();
  expect(failureOf({ got: 'nothing', message: 'boom' }, again)).toBeUndefined();
});

test('a failure without a cause says where to look', () => {
  expect(failureOf({ asked: 'reach it', got: 'nothing' }, again)).toMatchObject({
    cause: 'the evidence shows the objects as they were',
    repro: again,
  });
});

test('an error that says nothing but its message is left to the reporter', () => {
  expect(failureOf(new Error('boom'), again)).toBeUndefined();
  expect(failureOf(undefined, again)).toBeUndefined();
});
