import { expect, test } from 'vitest';
import { eventsOf, json, listOf, scriptedApi } from '../kube/testdata/api.ts';
import { RUN_LABEL } from '../labels.ts';
import { defaultTimeouts } from '../timeouts.ts';
import { takeTurn } from './turn.ts';

const run = { id: 'mine', timeouts: defaultTimeouts };
const held = (id: string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: 'ingress-conformance-turn', labels: { [RUN_LABEL]: id } },
});

test('a turn that nobody has is taken', async () => {
  await using api = await scriptedApi({ lists: [listOf()], others: [json(held('mine'), 201)] });
  await takeTurn({ kube: api.kube, run });
  expect(api.asked).toContainEqual(expect.stringMatching(/^POST .*ingressclasses/));
});

test('one that another run has is waited for', async () => {
  const gone = { type: 'DELETED', object: held('other') };
  await using api = await scriptedApi({
    lists: [listOf(held('other'))],
    watches: [eventsOf([gone])],
    others: [json(held('mine'), 201)],
  });
  await takeTurn({ kube: api.kube, run });
  expect(api.asked.at(-1)).toMatch(/^POST .*ingressclasses/);
});

test('one that another run keeps is told as that, and by whom', async () => {
  await using api = await scriptedApi({ lists: [listOf(held('other'))], watches: [eventsOf([])] });
  const hasty = { ...run, timeouts: { ...defaultTimeouts, turn: 300 } };
  await expect(takeTurn({ kube: api.kube, run: hasty })).rejects.toMatchObject({
    name: 'TurnTaken',
    message: expect.stringContaining('run other has it'),
  });
});
