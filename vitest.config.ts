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
          // Cases wait most of their time, so more workers than cores, each cheap (one process, modules shared). But every
          // file starts gateways: with many files at once two cores are so busy that nothing answers in time.
          pool: 'threads',
          isolate: false,
          maxWorkers: 4,
          maxConcurrency: 100,
          sequence: { concurrent: true, groupOrder: 1 },
          // ids are made of titles: half a title would make half an id
          taskTitleValueFormatTruncate: 1_000,
        },
      },
    ],
  },
});
