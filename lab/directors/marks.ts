import type { Host } from '../../src/model/host.ts';
import type { ConfigText } from '../../src/model/lab.ts';
import { type MarkProgram, markRules } from '../../src/model/marks.ts';
import type { HostSpec, LabSpec } from '../../src/model/spec.ts';

/** The marks of packets for services by firewall mark, on each director: whichever has the VIP needs them. */

const programs: MarkProgram[] = ['iptables-legacy', 'ip6tables-legacy'];

export const markTexts = (spec: LabSpec, director: HostSpec): ConfigText[] =>
  programs.flatMap((program) => {
    const rules = markRules(spec).filter((one) => one.program === program);
    const text = `*mangle\n${rules.map(({ rule }) => `${rule}\n`).join('')}COMMIT\n`;
    return rules.length === 0 ? [] : [{ host: director.name, name: `${program}-restore`, text }];
  });

/** @throws {CommandFailed} in a kernel that cannot mark. */
export async function setMarks(spec: LabSpec, director: HostSpec, host: Pick<Host, 'exec'>): Promise<void> {
  for (const { name, text } of markTexts(spec, director))
    await host.exec(`exec ${name} --noflush`, { input: text });
}
