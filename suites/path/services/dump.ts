import { check } from '../../../src/model/check.ts';
import { hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import { quote } from '../../../src/util/quote.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { nameOfFirst } from '../../common/mutate.ts';
import { advice, on } from '../../common/remedy.ts';
import { variety } from '../staged.ts';

interface RoundTrip {
  director: string;
  /** What `ipvsadm -Ln` and `-Ln --thresholds` show, one line each, with the service before its real servers. */
  saved: string[];
  restored: string[];
  complaints: string;
}

/** Rules, then thresholds: a real server after its service, with its upper and lower one. */
const listing = `
list() { ipvsadm -Ln "$@" | awk '/^(TCP|UDP|SCTP|FWM) / { service = $1 " " $2; print; next } / -> [0-9]/ { print service " -> " $2, $3, $4 }'; }
show() { ipvsadm -Sn; list --thresholds; }
`;

const roundTrip = `${listing}
dump=$(ipvsadm -Sn); show; echo ====
export dump; exec unshare -n sh -c ${quote(`ip link set lo up
${listing}
echo "$dump" | ipvsadm -R; show`)}`;

const limited = (spec: LabSpec): LabSpec => ({
  ...spec,
  services: spec.services.map((service, i) =>
    i > 0
      ? service
      : { ...service, realServers: service.realServers.map((one) => ({ ...one, upperThreshold: 50 })) },
  ),
});

/**
 * ipvsadm(8) --save, --restore. Restored into an empty network namespace, so that the director keeps its tables.
 * ipvsadm 1.31 does not save thresholds: a lab with them fails, and rightly so.
 */
export const dumpRestores = check<RoundTrip>({
  id: 'OPS-01',
  suite: 'path',
  level: 'must',
  title: 'saved rules restore to the same state',
  requirement:
    'ipvsadm -S and -R carry every service, flag, real server, weight and threshold of the director.',
  source: 'ipvsadm(8) --save, --restore',
  needs: ['ipvs', 'director'],
  stage: variety,
  mutants: [
    {
      id: 'thresholds',
      breaks: 'real servers with connection thresholds, which ipvsadm -S leaves out',
      change: limited,
      reason: /50 .*lost.*thresholds/,
    },
  ],
  async observe({ lab, evidence }) {
    const director = nameOfFirst(lab.spec, 'director');
    const { stdout, stderr } = await lab.host(director).exec(roundTrip);
    await evidence.save('round-trip.txt', stdout + stderr);
    const [saved = '', restored = ''] = stdout.split('====\n');
    const lines = (text: string) =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.trim().replaceAll(/\s+/g, ' '));
    return { director, saved: lines(saved), restored: lines(restored), complaints: stderr.trim() };
  },
  judge({ director, saved, restored, complaints }, { spec }) {
    const servers = hostsOf(spec, 'realServer').length;
    const expected = `${saved.length} lines about ${spec.services.length} services and ${servers} real servers, the same after -R`;
    if (saved.length === 0) return inconclusive(expected, 'the director has no rules');
    if (restored.length === 0)
      return inconclusive(
        expected,
        `nothing could be restored where it was tried: ${complaints || 'no rules'}`,
      );
    const lost = saved.filter((line) => !restored.includes(line));
    const gained = restored.filter((line) => !saved.includes(line));
    if (lost.length === 0 && gained.length === 0 && saved.length === restored.length)
      return pass(expected, `${restored.length} lines, all the same`);
    return fail(
      expected,
      `«${lost[0] ?? ''}» and ${Math.max(lost.length - 1, 0)} more lost, «${gained[0] ?? ''}» and ${Math.max(gained.length - 1, 0)} more came instead${complaints ? ` (${complaints.split('\n')[0]})` : ''}`,
      {
        cause: `ipvsadm -S on ${director} leaves out what -R would need, such as connection thresholds (-x, -y)`,
        remedy: [
          ...on(director, 'ipvsadm -Ln --thresholds'),
          ...advice('after ipvsadm -R set thresholds again, with ipvsadm -e'),
        ],
      },
    );
  },
});
