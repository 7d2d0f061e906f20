import { expect, test } from 'vitest';
import { breaking, faultsFor, faultsOf, harmless, type TrafficDoes } from './catalogue.ts';

const faults = [...faultsOf('traffic'), ...faultsOf('status')];

test('every fault has a name of its own, says what it means, and breaks something or nothing', () => {
  const names = faults.map(({ fault }) => fault);
  expect(new Set(names).size).toBe(names.length);
  for (const { fault, means, breaks } of faults) {
    expect(fault).toMatch(/^[a-z0-9-]+$/);
    expect(means).not.toBe('');
    expect(breaks === 'nothing' || breaks.length > 0).toBe(true);
  }
});

test('what breaks something says how that is told, and only that', () => {
  for (const { breaks, says } of faults) {
    expect(says === undefined).toBe(breaks === 'nothing');
    expect(() => new RegExp(says ?? '')).not.toThrow();
  }
  expect(breaking()).toHaveLength(faults.length - harmless(faults).length);
});

test('what breaks nothing but some checks is kept from those who check them', () => {
  const kept = harmless(faults, [{ what: 'entry' }]).map(({ fault }) => fault);
  expect(kept).not.toContain('further-condition');
  expect(harmless(faults, [{ what: 'condition' }]).map(({ fault }) => fault)).toContain('further-condition');
});

test('a fault is about the name that a check has, as it is', () => {
  const traffic = faultsOf<TrafficDoes>('traffic');
  const [lost] = faultsFor(traffic, { what: 'header returned', name: 'x-a.b"' });
  expect(lost?.does).toEqual({ dropHeader: 'x-a.b"' });
  expect(new RegExp(lost?.says ?? '').test('no x-a.b"')).toBe(true);
  expect(new RegExp(lost?.says ?? '').test('no x-acb"')).toBe(false);
});
