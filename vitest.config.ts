import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{cluster,helpers,reports,commands}/**/*.unit.test.ts'],
          allowOnly: false,
        },
      },
      {
        test: {
          name: 'suites',
          include: ['suites/**/*.test.ts'],
          allowOnly: false,
          // cases wait most of their time: more workers than cores, each cheap (one process, modules shared)
          pool: 'threads',
          isolate: false,
          maxWorkers: 12,
          maxConcurrency: 100,
          sequence: { concurrent: true, groupOrder: 1 },
          // ids are made of titles: half a title would make half an id
          taskTitleValueFormatTruncate: 1_000,
          // as one file each, kept between runs: loading the thousand files of client-node takes 0.4 s of CPU a worker
          deps: { optimizer: { ssr: { enabled: true, include: ['@kubernetes/client-node', 'got'] } } },
        },
      },
    ],
  },
});
