import { isIpv6 } from '../util/ipv6.ts';
import type { LabSpec, ServiceSpec } from './spec.ts';

/** The firewall marks that drlab sets on directors. */

/** Both programs are those of the tables that every kernel of a sandbox has. */
export type MarkProgram = 'iptables-legacy' | 'ip6tables-legacy';

export interface MarkRule {
  program: MarkProgram;
  /** As `iptables-save` prints it, in the table mangle. */
  rule: string;
}

/** A rule for each VIP and range of ports, in the order of the services. */
export const markRules = (spec: Pick<LabSpec, 'services'>): MarkRule[] => rangesOf(marked(spec)).map(ruleOf);

/** Those of the lab that mark what comes for this service. */
export const markRulesFor = (
  spec: Pick<LabSpec, 'services'>,
  { vip, protocol, port, mark }: ServiceSpec,
): MarkRule[] =>
  rangesOf(marked(spec))
    .filter((one) => one.vip === vip && one.protocol === protocol && one.mark === mark)
    .filter(({ first, last }) => first <= port && port <= last)
    .map(ruleOf);

const marked = ({ services }: Pick<LabSpec, 'services'>): ServiceSpec[] =>
  services.filter(({ mark, markedBy }) => mark !== undefined && markedBy === undefined);

const ruleOf = ({ vip, protocol, mark = 0, first, last }: Range): MarkRule => ({
  program: isIpv6(vip) ? 'ip6tables-legacy' : 'iptables-legacy',
  rule: [
    `-A PREROUTING -d ${vip}/${isIpv6(vip) ? 128 : 32} -p ${protocol} -m ${protocol}`,
    `--dport ${first === last ? first : `${first}:${last}`}`,
    `-j MARK --set-xmark 0x${mark.toString(16)}/0xffffffff`,
  ].join(' '),
});

type Range = Pick<ServiceSpec, 'vip' | 'protocol' | 'mark'> & { first: number; last: number };

function rangesOf(services: readonly ServiceSpec[]): Range[] {
  const ranges: Range[] = [];
  for (const { vip, protocol, mark = 0, port } of services) {
    const before = ranges.at(-1);
    const follows =
      before?.last === port - 1 && before.vip === vip && before.protocol === protocol && before.mark === mark;
    if (follows) before.last = port;
    else ranges.push({ vip, protocol, mark, first: port, last: port });
  }
  return ranges;
}
