import { expect, test } from 'vitest';
import { listAt } from './foreign.ts';

const object = {
  apiVersion: 'v1',
  kind: 'Gateway',
  metadata: { name: 'g' },
  status: { listeners: [{ name: 'a', conditions: [{ type: 'Seen' }] }] },
};

test('a pointer leads through fields and lists', () => {
  expect(listAt(object, '/status/listeners/0/conditions')).toEqual([{ type: 'Seen' }]);
});

test.for(['/status/parents', '/status/listeners/1/conditions', '/metadata/name'])(
  'there is no list at %s',
  (pointer) => {
    expect(listAt(object, pointer)).toEqual([]);
    expect(listAt(undefined, pointer)).toEqual([]);
  },
);
