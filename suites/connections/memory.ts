import { check } from '../../src/model/check.ts';
import { CannotHere } from '../../src/util/errors.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { advice, everyHost, on, or } from '../common/remedy.ts';
import { portOf, sceneOf, tables } from '../common/tables.ts';
import { connectionsOf, ownConnections } from './own.ts';

interface Memory {
  /** Of one entry, in the kernel's slab; 0: not found. */
  entryBytes: number;
  availableBytes: number;
}

/** What a busy site holds: 1,000 new connections a second, each 100 s in FIN_WAIT. */
const target = 100_000;

/**
 * ipvsadm(8): «each connection entry occupies 128 bytes effectively», which was so long ago. No mutant takes the memory:
 * the kernel would end other programs of the sandbox first, and in some sandboxes it is that of the machine.
 */
export const memorySuffices = check<Memory>({
  id: 'CT-07',
  suite: 'connections',
  level: 'should',
  title: 'the director has memory for 100,000 connections',
  requirement: 'The size of an entry times 100,000 is less than the memory that the director has available.',
  source: 'ipvsadm(8), NOTES; /proc/slabinfo (ip_vs_conn)',
  needs: ['ipvs', 'director', 'directClient'],
  stage: tables,
  own: ownConnections('a tcp service of DR', {}, { how: { needs: ['ipvs', 'director'] } }),
  mutants: [],
  async observe({ lab }) {
    const { director } = await sceneOf(lab, connectionsOf(lab.spec, portOf.many));
    // A slab that was merged with another of the same size is only a link below /sys.
    const { stdout } = await director.exec(
      `awk '$1 == "ip_vs_conn" { print "slab", $4 }' /proc/slabinfo 2>/dev/null
       awk '{ print "slab", $1 }' /sys/kernel/slab/ip_vs_conn/slab_size 2>/dev/null
       awk '/^MemAvailable/ { print "available", $2 * 1024 }' /proc/meminfo`,
      { okCodes: [0, 1, 2] },
    );
    const entryBytes = Number(/^slab (\d+)/m.exec(stdout)?.[1] ?? 0);
    if (entryBytes === 0) throw new CannotHere('this kernel does not show how large an entry is');
    return { entryBytes, availableBytes: Number(/^available (\d+)/m.exec(stdout)?.[1] ?? 0) };
  },
  judge({ entryBytes, availableBytes }, { spec }) {
    const needed = entryBytes * target;
    const expected = `at least ${mebi(needed)} available: ${target} entries of ${entryBytes} bytes`;
    if (availableBytes === 0) return inconclusive(expected, '/proc/meminfo does not say what is available');
    const seen = `${mebi(availableBytes)} available, enough for ${Math.floor(availableBytes / entryBytes)} entries`;
    if (availableBytes >= needed) return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'the director has too little memory for a busy site',
      remedy: [
        ...advice('give the director more memory'),
        ...or(on(everyHost(spec, 'director'), 'ipvsadm --set 300 30 100')),
      ],
    });
  },
});

const mebi = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
