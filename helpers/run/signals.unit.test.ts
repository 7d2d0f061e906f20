import { expect, test, vi } from 'vitest';
import { exitCodeOf, onEndSignals } from './signals.ts';

function nothing(): void {}

test('the first signal, then another; an echo of the first is not another', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const heard: string[] = [];
  const release = onEndSignals(
    (signal) => heard.push(`first ${signal}`),
    (signal) => heard.push(`again ${signal}`),
  );
  try {
    process.emit('SIGINT', 'SIGINT');
    vi.advanceTimersByTime(499);
    process.emit('SIGINT', 'SIGINT');
    expect(heard).toEqual(['first SIGINT']);
    vi.advanceTimersByTime(2);
    process.emit('SIGTERM', 'SIGTERM');
    expect(heard).toEqual(['first SIGINT', 'again SIGTERM']);
  } finally {
    release();
    vi.useRealTimers();
  }
});

test('nobody else hears the signals meanwhile, and all who did before do so again', () => {
  const heard: string[] = [];
  const other = (): void => void heard.push('other');
  process.on('SIGTERM', other);
  const release = onEndSignals(
    () => heard.push('first'),
    () => {},
  );
  process.emit('SIGTERM', 'SIGTERM');
  release();
  process.emit('SIGTERM', 'SIGTERM');
  process.off('SIGTERM', other);
  expect(heard).toEqual(['first', 'other']);
  expect(process.listenerCount('SIGINT') + process.listenerCount('SIGTERM')).toBe(0);
});

test('there is never a moment without a listener, in which Node would forget a signal', () => {
  process.on('SIGINT', nothing);
  const left: number[] = [];
  const watch = (event: string | symbol): void => {
    if (event === 'SIGINT') left.push(process.listenerCount('SIGINT'));
  };
  process.on('removeListener', watch);
  onEndSignals(nothing, nothing)();
  process.off('removeListener', watch);
  process.off('SIGINT', nothing);
  expect(left).toEqual([1, 1]);
});

test('exit codes are those of a shell', () => {
  expect([exitCodeOf('SIGINT'), exitCodeOf('SIGTERM')]).toEqual([130, 143]);
});
