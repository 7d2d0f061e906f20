import { expect, inject, test as vitestTest } from 'vitest';
import type { NoBrowser } from '../cluster/browser/browser.ts';
import type { CaseFacts } from '../reports/run.ts';
import { Browsers } from './browser/browsers.ts';
import { Case } from './case.ts';
import { waitWhile } from './deadline.ts';
import type { Ingress } from './edge/edge.ts';
import { whyNot } from './gate.ts';
import { countCalls } from './kube/calls.ts';
import { Kube } from './kube/client.ts';
import { matchers } from './matchers/index.ts';
import type { CaseBrowser } from './matchers/to-show.ts';
import { lacksRoom } from './pods/room.ts';
import { Roads } from './reach/roads.ts';
import { Scene } from './scene.ts';
import { Absent } from './setup/absent.ts';
import type { Fixture } from './setup/fixtures.ts';
import { type Cluster, Setup } from './setup/setup.ts';
import { HeldConnection } from './traffic/held.ts';
import { KeptConnection } from './traffic/kept.ts';
import type { OneConnection } from './traffic/one-connection.ts';
import { type Answer, type NoAnswer, type Request, send, type Tls } from './traffic/request.ts';

expect.extend(matchers);

/** Options of a test that is a case: what the catalogue knows of it before it runs. */
export const about = (facts: CaseFacts): { meta: { conformance: CaseFacts } } => ({
  meta: { conformance: facts },
});

/** What the cases of a file share, or why there is none: it fails once, and every case of the file says so. */
type Shared = { setup: Setup } | { broken: unknown };

/** Skips the case where the cluster lacks what its fixtures are for; else gives the error to throw. */
function unlessAbsent(broken: unknown, skip: (reason: string) => never): unknown {
  return broken instanceof Absent ? skip(broken.message) : broken;
}

/**
 * vitest's test with what suites speak in; docs/writing-a-case.md shows it in use. All cases of one such test stand on
 * one setup, and a file can have several. Each has all of its fixtures anew, because vitest keeps what is made once a
 * worker by the test that first asked for it, and a second test would find nothing there.
 * @param fixtures files under fixtures/ that the cases stand on
 */
export const testOn = (...fixtures: Fixture[]) =>
  vitestTest
    .extend('target', { scope: 'worker' }, () => inject('target'))
    .extend('run', { scope: 'worker' }, () => inject('run'))
    /** `kube` to ask the cluster, `target` and `run` to know it. */
    .extend('cluster', { scope: 'worker' }, async ({ target, run }, { onCleanup }): Promise<Cluster> => {
      const kube = new Kube(target, run.timeouts.api, run.timeouts.away);
      const roads = new Roads(kube, run);
      // under a fault most deadlines pass
      if (!run.proves) waitWhile(() => lacksRoom(kube, run.id), run.timeouts.room);
      onCleanup(async () => {
        await roads.close();
        await kube.close();
      });
      return { kube, target, run, roads };
    })
    /**
     * The case's notes; when it has failed, its evidence is gathered while everything is still there. A case that does
     * not apply is skipped here: what comes before `shared` is made before it, so that nothing is applied for it.
     */
    .extend('ofCase', { auto: true }, ({ task, signal, skip, target, run, cluster }, { onCleanup }) => {
      countCalls(task.file, cluster.kube);
      const ofCase = new Case(task, signal, run);
      const reason = whyNot(
        ofCase.notes,
        { id: ofCase.id, file: task.file.name },
        target.features,
        run.skips,
      );
      if (reason !== undefined) skip(reason);
      onCleanup(() => ofCase.conclude());
      return ofCase;
    })
    /** Applies fixtures for this case alone, into a namespace of its own that is deleted when the case has ended. */
    .extend('apart', ({ cluster, ofCase, skip }, { onCleanup }) => {
      const own: Setup[] = [];
      onCleanup(async () => {
        await ofCase.conclude();
        await Promise.all(own.map((setup) => setup.remove()));
      });
      return async (...files: Fixture[]): Promise<Scene> => {
        const setup = await Setup.of(cluster, files, ofCase.signal);
        own.push(setup);
        ofCase.setups.push(setup);
        await setup.apply().catch((broken: unknown) => {
          throw unlessAbsent(broken, skip);
        });
        return new Scene(ofCase, setup);
      };
    })
    /**
     * One connection to an ingress, over which goes whatever is asked of the ingress that it gives: HTTP/2 where a
     * handshake is told, else HTTP/1.1.
     */
    .extend('hold', ({ run }, { onCleanup }) => {
      const held: OneConnection[] = [];
      onCleanup(() => held.forEach((connection) => connection.close()));
      return async (ingress: Ingress, tls?: Tls): Promise<Ingress> => {
        const { address, of, setup } = ingress;
        // nobody tries again: a handshake may take as long as an answer may be waited for
        const { connect, answer: request } = run.timeouts;
        const limits = { connect, request, signal: of.signal, certificates: setup.certificates };
        const over = tls ? await HeldConnection.open(address, tls, limits) : new KeptConnection(address);
        held.push(over);
        return { ...ingress, over };
      };
    })
    /** The browsers of the file; each is started when a visit needs it. */
    .extend('browsers', { scope: 'file' }, ({ run }, { onCleanup }): Browsers | NoBrowser => {
      const { browser, timeouts } = run;
      if (!browser) throw new Error("cases with a browser say so: about({ needs: ['browser'], … })");
      if ('none' in browser) return browser;
      const browsers = new Browsers(browser, timeouts);
      onCleanup(() => browsers.close());
      return browsers;
    })
    /** A real browser, for this case; where this machine has none the case is skipped. */
    .extend('browser', ({ browsers, ofCase, skip }): CaseBrowser => {
      if ('none' in browsers) return skip(browsers.none);
      return { browsers, of: ofCase, skip };
    })
    .extend('shared', { scope: 'file' }, async ({ cluster }, { onCleanup }): Promise<Shared> => {
      try {
        const setup = await Setup.of(cluster, fixtures);
        onCleanup(() => setup.remove());
        await setup.apply();
        return { setup };
      } catch (broken) {
        return { broken };
      }
    })
    /** The fixtures, applied into a namespace of their own that is deleted after the last case. */
    .extend('scene', ({ shared, ofCase, skip }) => {
      if ('broken' in shared) throw unlessAbsent(shared.broken, skip);
      ofCase.setups.push(shared.setup);
      return new Scene(ofCase, shared.setup);
    })
    /** The setup's own namespace. */
    .extend('namespace', ({ scene }) => scene.setup.namespace)
    /** The only Gateway of the fixtures. */
    .extend('gateway', ({ scene }) => scene.gateway())
    /** Host and port of the listener `http` of what serves the fixtures, when it serves and the backends are ready. */
    .extend('ingress', ({ scene }): Promise<Ingress> => scene.edge().ingress())
    /** Sends one request to that ingress and gives what came, unjudged: for what a table of exchanges cannot say. */
    .extend('request', ({ ingress, run }) => {
      const { address, of, setup } = ingress;
      const { connect, request } = run.timeouts;
      const limits = { connect, request, signal: of.signal, certificates: setup.certificates };
      return (asked: Request): Promise<Answer | NoAnswer> => {
        of.notes.attempts += 1;
        return send(address, asked, limits);
      };
    });

/** For cases that stand on no shared fixtures. */
export const test = testOn();
