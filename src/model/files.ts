import type { HostSpec, LabSpec, Said } from './spec.ts';

/** Files that hosts bring, and what that leaves to drlab. */

/** Whether drlab leaves this to the files that the host brings. */
export const filesSay = ({ files }: Pick<HostSpec, 'files'>, what: Said): boolean =>
  files?.says.includes(what) ?? false;

/** The kernel's own value of what is 1 there (ip-sysctl.rst); all else that a lab sets of an interface is 0. */
const onInKernel = /\.(accept_redirects|send_redirects)$/;

/** What drlab writes before the files have their say: where they bring sysctls, what a kernel that has just started has. */
export const sysctlsToWrite = (host: HostSpec): Record<string, string> =>
  filesSay(host, 'sysctls')
    ? Object.fromEntries(
        Object.entries(host.sysctls).map(([key, value]) => [
          key,
          /^net\.ipv4\.(conf\.|ip_forward$)/.test(key) ? (onInKernel.test(key) ? '1' : '0') : value,
        ]),
      )
    : host.sysctls;

/** The lab as drlab itself would set it up: for stages and mutants, which change what files say. */
export const withoutFiles = (spec: LabSpec): LabSpec =>
  spec.hosts.some(({ files }) => files)
    ? { ...spec, hosts: spec.hosts.map(({ files, ...host }) => host) }
    : spec;
