/** Shell text that prints the `Ip:` lines of the counters; builtins only, since starting a program costs. */
export const readIpCounters = `while read -r line; do case $line in Ip:*) echo "$line";; esac; done </proc/net/snmp`;

/** RFC 4293 counters by name, such as `InHdrErrors`; from text with the two `Ip:` lines of `/proc/net/snmp`. */
export function ipCounters(text: string): Record<string, number> {
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith('Ip:'))
    .map((line) => line.split(' ').slice(1));
  return Object.fromEntries(names.map((name, i) => [name, Number(values[i])]));
}
