import { hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { oneIpvsDirector, services, stage } from '../common/stages.ts';
import { directorRules, serverRules } from './rules.ts';

/** The one service of the stage. */
export const port = 80;
/** Ports of the client whose packets the counting rules of FW-12 count. */
export const countedPorts = { from: 47_000, count: 6 };

const vip = (spec: LabSpec): string => vipsOf(spec)[0] ?? '';
const dip = (spec: LabSpec): string => hostsOf(spec, 'director')[0]?.ip ?? '';

const counted = `-p tcp --sport ${countedPorts.from}:${countedPorts.from + countedPorts.count - 1}`;

/** Everything here is harmless, and the checks of this stage show that it is. */
export const firewalled = stage(
  'firewall',
  'one director set with ipvsadm; FORWARD drops and a MASQUERADE rule on it; the RIPs are closed to all but the director',
  oneIpvsDirector,
  services({ port }),
  directorRules((spec) => [
    '-P FORWARD DROP',
    `-t nat -A POSTROUTING -d ${vip(spec)} -j MASQUERADE`,
    ...['GATE', 'MASQ', 'IPIP'].map((method) => `-t mangle -A OUTPUT ${counted} -m ipvs --vmethod ${method}`),
  ]),
  serverRules((spec) => [
    '-A INPUT -p tcp -m conntrack --ctstate INVALID -j DROP',
    '-A OUTPUT -p tcp -m conntrack --ctstate INVALID -j DROP',
    `-A INPUT -p tcp --dport ${port} ! -d ${vip(spec)} ! -s ${dip(spec)} -j REJECT --reject-with tcp-reset`,
  ]),
);
