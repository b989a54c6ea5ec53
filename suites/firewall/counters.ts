import type { Host } from '../../src/model/host.ts';

/** One rule of a chain, and how many packets matched it. */
export interface RuleCount {
  packets: number;
  /** The rest of the line, as iptables prints it. */
  rule: string;
}

export interface ChainCount {
  policy: string;
  /** Packets that no rule decided. */
  policyPackets: number;
  rules: RuleCount[];
}

/** @throws {CommandFailed} where the kernel lacks that table. */
export async function chain(host: Host, table: string, name: string): Promise<ChainCount> {
  const { stdout } = await host.exec(`exec iptables-legacy -w -t ${table} -nvx -L ${name}`);
  return parseChain(stdout);
}

/** Parses `iptables -nvx -L CHAIN`: a line for the chain, one of headings, one for each rule. */
export function parseChain(text: string): ChainCount {
  const [head = '', , ...lines] = text.trim().split('\n');
  const [, policy = '', packets = '0'] = /\(policy (\w+) (\d+) packets/.exec(head) ?? [];
  return {
    policy,
    policyPackets: Number(packets),
    rules: lines.map((line) => {
      const [, matched = '0', rule = ''] = /^\s*(\d+)\s+\d+\s+(.*)$/.exec(line) ?? [];
      return { packets: Number(matched), rule: rule.trim().replace(/\s+/g, ' ') };
    }),
  };
}
