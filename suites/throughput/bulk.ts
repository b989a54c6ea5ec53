import { check } from '../../src/model/check.ts';
import type { Host } from '../../src/model/host.ts';
import { deviceOf, hostSpec, hostsOf } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { afterApply } from '../common/mutate.ts';
import { advice, everyHost, on } from '../common/remedy.ts';
import { clientOf, realServersOf, serviceOf, targetOf } from '../common/subjects.ts';
import { once } from '../common/vantages.ts';

interface Bulk {
  director: string;
  bytes: number;
  directorInBytes: number;
  directorOutBytes: number;
  vipBytesPerS: number;
  directBytesPerS: number;
}

const downloadBytes = 4_000_000;
const connections = 6;

async function interfaceBytes(host: Host, device: string): Promise<{ in: number; out: number }> {
  const { stdout } = await host.exec('while read -r line; do echo "$line"; done </proc/net/dev');
  const line = stdout.split('\n').find((one) => one.trim().startsWith(`${device}:`)) ?? '';
  const numbers = line.replace(/^.*:/, '').trim().split(/\s+/).map(Number);
  return { in: numbers[0] ?? Number.NaN, out: numbers[8] ?? Number.NaN };
}

/** The point of DR: answers do not pass the director, whose share of the bytes is requests and ACKs. */
export const answersBypassDirector = check<Bulk>({
  id: 'PERF-02',
  suite: 'throughput',
  level: 'must',
  title: 'a download through the VIP costs the director next to nothing',
  requirement: 'Of a large answer less than a fifth of its bytes enters or leaves the director.',
  source: 'catalogue PERF-02; LVS-HOWTO, LVS-DR',
  needs: ['director', 'realTime'],
  vantages: once('it is about what one transfer costs the director, whoever asks'),
  mutants: [
    {
      id: 'answers-through-director',
      breaks: 'the real servers answer through a director that forwards and accepts its own address',
      change: afterApply((spec) => {
        const [director] = hostsOf(spec, 'director');
        const { ip } = clientOf(spec);
        const routes = hostsOf(spec, 'realServer').map(
          ({ name }) => `ip -n ${name} route replace ${ip}/32 via ${director?.ip} dev eth0`,
        );
        const settings = hostsOf(spec, 'director').map(
          ({ name }) =>
            `ip netns exec ${name} sh -c "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv4/conf/all/accept_local"`,
        );
        return [...routes, ...settings].join('\n');
      }),
      reason: /entered/,
    },
  ],
  async observe({ lab, note }) {
    const service = serviceOf(lab.spec, 'tcp');
    const director = await activeDirector(lab, service.vip);
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const device = deviceOf(hostSpec(lab.spec, director));
    const before = await interfaceBytes(lab.host(director), device);
    note('downloading through the VIP');
    const vip = await prober.download(targetOf(service), { bytes: downloadBytes, connections });
    const after = await interfaceBytes(lab.host(director), device);
    note('downloading direct');
    const rip = realServersOf(lab.spec, service)[0]?.ip ?? '';
    const direct = await prober.download(
      { ip: rip, port: service.port },
      { bytes: downloadBytes, connections },
    );
    return {
      director,
      bytes: vip.bytes,
      directorInBytes: after.in - before.in,
      directorOutBytes: after.out - before.out,
      vipBytesPerS: vip.bytesPerS,
      directBytesPerS: direct.bytesPerS,
    };
  },
  judge({ director, bytes, directorInBytes, directorOutBytes, vipBytesPerS, directBytesPerS }, { spec }) {
    const expected = `less than 20 % of the answer's bytes on ${director}`;
    if (bytes < downloadBytes || !(directorInBytes >= 0 && directorOutBytes >= 0))
      return inconclusive(expected, `only ${bytes} bytes were downloaded, or ${director} has no counters`);
    const share = Math.max(directorInBytes, directorOutBytes) / bytes;
    const percent = (share * 100).toFixed(1);
    const figures = [
      {
        name: 'bytes into the director / bytes to the client',
        value: directorInBytes / bytes,
        unit: '1',
        better: 'lower' as const,
      },
      { name: 'download through the VIP', value: vipBytesPerS * 8, unit: 'bit/s', better: 'higher' as const },
      { name: 'download direct', value: directBytesPerS * 8, unit: 'bit/s', better: 'higher' as const },
      { name: 'VIP / direct', value: vipBytesPerS / directBytesPerS, unit: '1', better: 'higher' as const },
    ];
    const seen = `${bytes} bytes to the client; ${directorInBytes} bytes entered and ${directorOutBytes} left ${director} (${percent} %)`;
    if (share < 0.2) return pass(expected, seen, { figures });
    return fail(expected, seen, {
      cause: `answers go back through ${director}: it is the gateway of the real servers`,
      remedy: [
        ...on(everyHost(spec, 'realServer'), 'ip route show'),
        ...advice('give the real servers the router of the clients as gateway, not the director'),
      ],
      figures,
    });
  },
});
