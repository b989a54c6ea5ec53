import type { SysctlLine } from '../../reading/sysctl.ts';
import { type Finding, found, type Group, type Rule } from '../rule.ts';

const quiet: Rule = {
  id: 'ARP-04',
  severity: 'error',
  title: 'arp_ignore and arp_announce are set where the kernel looks',
  why: 'The kernel takes the larger of «all» and the interface on which the question arrives; what is set for lo, dummy0 or tunl0 does not count, and the real server answers for the VIP.',
  edit: 'write net.ipv4.conf.all.arp_ignore = 1 and net.ipv4.conf.all.arp_announce = 2',
  checks: ['ARP-04', 'ARP-01'],
};
const overridden: Rule = {
  id: 'SYS-01',
  severity: 'warning',
  title: 'no later file takes back a sysctl',
  why: 'The files are applied in the order of their names over all folders, sysctl.conf last; the host boots with the last value.',
  edit: 'keep one of the lines, or rename the file so that it comes last',
  checks: ['STA-01'],
};
const half: Rule = {
  id: 'SYS-02',
  severity: 'warning',
  title: 'arp_ignore and arp_announce stand together',
  why: 'With one of them alone the real server is silent when it is asked, and names the VIP as sender when it asks itself, or the other way round.',
  edit: 'set arp_ignore = 1 and arp_announce = 2',
  checks: ['ARP-03'],
};

const matters =
  /^net\.ipv4\.(conf\..*\.(arp_ignore|arp_announce|rp_filter|accept_local|send_redirects|forwarding)|vs\..*|ip_forward)$/;

/** sysctl.d as the boot applies it. */
export const sysctlRules: Group = {
  rules: [quiet, overridden, half],
  host: ({ sysctls }) => [...overrides(sysctls), ...whereTheKernelLooks(sysctls), ...together(sysctls)],
};

const lastOf = (sysctls: SysctlLine[], key: string): SysctlLine | undefined =>
  sysctls.findLast((one) => one.key === key);

function overrides(sysctls: SysctlLine[]): Finding[] {
  return sysctls.flatMap((one) => {
    const last = lastOf(sysctls, one.key);
    if (!last || last === one || last.value === one.value || !matters.test(one.key)) return [];
    return found(
      overridden,
      one.place,
      `${one.key} = ${one.value} is taken back by ${last.place.file}:${last.place.line}, which sets ${last.value}`,
    );
  });
}

const unheard = /^(lo|dummy\d*|tunl\d*|ip6tnl\d*)$/;
const keyOf = (setting: string) => new RegExp(`^net\\.ipv4\\.conf\\.(.+)\\.${setting}$`);

/** The interfaces for which it is on, as the boot leaves it. */
function onFor(sysctls: SysctlLine[], setting: string): { device: string; line: SysctlLine }[] {
  return sysctls.flatMap((line) => {
    const device = keyOf(setting).exec(line.key)?.[1];
    return device !== undefined && lastOf(sysctls, line.key) === line && Number(line.value) > 0
      ? [{ device, line }]
      : [];
  });
}

function whereTheKernelLooks(sysctls: SysctlLine[]): Finding[] {
  return ['arp_ignore', 'arp_announce'].flatMap((setting) => {
    const on = onFor(sysctls, setting);
    const [first] = on;
    if (!first || on.some(({ device }) => !unheard.test(device))) return [];
    return found(
      quiet,
      first.line.place,
      `${setting} is set for ${on.map(({ device }) => device).join(' and ')} alone, on which no question for the VIP arrives`,
    );
  });
}

function together(sysctls: SysctlLine[]): Finding[] {
  const [ignore, announce] = ['arp_ignore', 'arp_announce'].map((setting) => onFor(sysctls, setting)[0]);
  if (ignore && !announce) return found(half, ignore.line.place, 'arp_ignore is set, arp_announce is not');
  return announce && !ignore
    ? found(half, announce.line.place, 'arp_announce is set, arp_ignore is not')
    : [];
}
