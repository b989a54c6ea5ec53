import { check } from '../../src/model/check.ts';
import { deviceOf, hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { flap } from '../common/flap.ts';
import { holders } from '../common/holders.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { firstServer, sysctls } from '../common/mutate.ts';
import { advice, hostsWithMacs, on } from '../common/remedy.ts';
import { clientOf, count, hostOfMac, list, macsOf, serviceOf, targetOf } from '../common/subjects.ts';

interface Flapped {
  /** Frames of real servers, while their interfaces came back and the first requests went through. */
  sent: { mac: string; senderIp: string; targetIp: string; op: number }[];
  answered: number;
}

/** Linux devinet.c: with arp_notify an interface that comes up, or is given a MAC address, announces its own addresses, and only those. */
export const flapAnnouncesNothing = check<Flapped>({
  id: 'ARP-16',
  suite: 'arp',
  level: 'should',
  title: 'a real server whose interface comes back does not announce the VIP',
  requirement:
    'After its interface went down and up and its MAC address was set again, a real server names the VIP in no ARP frame: arp_notify is 0, or covers only addresses of that interface.',
  source: 'Linux ip-sysctl.rst (arp_notify, arp_evict_nocarrier); RFC 5227 §3',
  needs: ['capture', 'director', 'severalRealServers'],
  stage: holders,
  mutants: [
    {
      id: 'arp-notify',
      breaks: 'arp_notify=1 on real servers, one of which has the VIP on eth0',
      change: (spec: LabSpec) =>
        firstServer({ vipDevice: 'eth0' })(
          sysctls('realServer', { 'net.ipv4.conf.all.arp_notify': '1' })(spec),
        ),
      reason: /rs1 .*announced 198\.18\.0\.100/,
    },
  ],
  async observe({ lab, evidence }) {
    const servers = hostsOf(lab.spec, 'realServer');
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const capture = await lab.capture({ filter: 'arp' });
    await flap(
      lab,
      servers.map(({ name }) => name),
    );
    const answers = await prober.requests(targetOf(serviceOf(lab.spec, 'tcp')), {
      count: 2 * servers.length,
      timeoutMs: 2_000,
      parallel: 2,
    });
    // Through a switch port that is only just coming up nothing passes; this makes the kernel announce once more.
    await Promise.all(
      servers.map((host) => lab.host(host.name).exec(`ip link set ${deviceOf(host)} address ${host.mac}`)),
    );
    const pcap = await capture.stop();
    await evidence.save('arp.pcap', pcap);
    const macs = macsOf(servers);
    return {
      sent: decodePcap(pcap).flatMap(({ src, arp }) =>
        arp && macs.has(src)
          ? [{ mac: src, senderIp: arp.senderIp, targetIp: arp.targetIp, op: arp.op }]
          : [],
      ),
      answered: answers.filter(({ ok }) => ok).length,
    };
  },
  judge({ sent, answered }, { spec }) {
    const vips = vipsOf(spec);
    const expected = `no ARP frame with ${list(vips)} as sender when the interfaces of real servers come back`;
    const bad = sent.filter(({ senderIp }) => vips.includes(senderIp));
    const hosts = list(bad.map(({ mac }) => hostOfMac(spec, mac)?.name ?? mac));
    const gratuitous = bad.filter(({ senderIp, targetIp }) => senderIp === targetIp);
    if (bad.length > 0)
      return fail(
        expected,
        `${hosts} ${gratuitous.length > 0 ? 'announced' : 'named'} ${list(bad.map(({ senderIp }) => senderIp))} in ${count(bad.length, 'frame')}`,
        {
          cause:
            gratuitous.length > 0
              ? `arp_notify is on, and ${hosts} has the VIP on the interface that came up`
              : `${hosts} asks with the VIP as sender: arp_announce is below 2`,
          remedy: [
            ...on(
              hostsWithMacs(
                spec,
                bad.map(({ mac }) => mac),
              ),
              'sysctl -w net.ipv4.conf.all.arp_notify=0',
            ),
            ...advice('a real server has the VIP on lo'),
          ],
        },
      );
    if (answered === 0)
      return inconclusive(expected, 'no request was answered after the interfaces came back');
    if (sent.length === 0) return inconclusive(expected, 'no ARP frame of a real server was captured');
    return pass(expected, `${count(sent.length, 'ARP frame')} of real servers, none from a VIP`);
  },
});
