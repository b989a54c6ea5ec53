import type { SshSpec } from '../../src/model/spec.ts';
import type { Driver, Swept } from '../base/driver.ts';
import { provenance } from '../base/provenance.ts';
import type { UndoneLedger } from './sweep.ts';

/** Hosts are machines that exist. What is changed there is in an undo ledger, which a connection that breaks plays back. */
export const ssh: Driver<SshSpec> = {
  build: async (spec, options) => (await import('./build.ts')).buildSshLab(spec, options),
  provenance,
  network: () => 'the NICs of the machines',
  needs: () => ({ dockerd: false, elsewhere: true }),
  parallel: false,
  virtualTime: false,
  sweep: async ({ spec }) =>
    byMachine(await (await import('./sweep.ts')).sweepSsh(spec === undefined ? {} : { spec })),
};

function byMachine(ledgers: UndoneLedger[]): Swept[] {
  const at = new Map<string, Swept>();
  for (const { host, address, ledger = 'what was changed there', outcome, why } of ledgers) {
    const where = `${host} (${address})`;
    const swept = at.get(where) ?? { where, removed: [], left: [], failed: [] };
    at.set(where, swept);
    if (outcome === 'undone') swept.removed.push(ledger);
    else if (outcome === 'in-use') swept.left.push(`${ledger}: its lab is up`);
    else swept.failed.push(`${ledger}: ${why}`);
  }
  return [...at.values()];
}
