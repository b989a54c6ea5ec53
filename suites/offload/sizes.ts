import { hostsOf } from '../../src/model/spec.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { deviceAt, everyHost, on } from '../common/remedy.ts';
import { all, keepingFeatures, setAll } from './features.ts';
import { uploadPort, uploads } from './stage.ts';
import { receivers, type Upload, upload } from './upload.ts';

interface Bulk {
  bytes: number;
  /** With offloads on, and captured; the other two are not, and give the figures. */
  captured: Upload;
  withOffloads: Upload;
  without: Upload;
  /** Longest frame that left the director with offloads on, with its Ethernet header. */
  longestBytes: number;
  /** ICMP fragmentation needed, and the MTU that it named last. */
  needed: number;
  mtu: number;
}

const bytes = 4_000_000;
const etherBytes = 14;

/** Linux ip_vs_xmit.c, __mtu_check_toobig_v4(): a super-frame is judged by its segments, not by its length. */
export const superFramesPass = functional<Bulk>({
  id: 'OFF-01',
  suite: 'offload',
  level: 'should',
  title: 'the director forwards frames that segmentation offload made long',
  requirement:
    'With TSO, GSO and GRO on, a bulk upload passes: frames above the MTU are forwarded, and no host is told that fragmentation is needed.',
  source: 'Linux ensure_mtu_is_adequate() and __mtu_check_toobig_v4() in ip_vs_xmit.c',
  needs: ['capture', 'ipvs', 'director'],
  stage: uploads,
  mutants: [
    {
      id: 'narrow-route',
      breaks: 'the director has a route of a smaller MTU to the real servers, as LRO looks to it',
      change: onDirectors((spec) =>
        hostsOf(spec, 'realServer')
          .map(({ ip }) => `ip route add ${ip}/32 dev eth0 mtu ${spec.network.mtu - 200}`)
          .join('\n'),
      ),
      reason: /[1-9]\d* times .*fragmentation/,
    },
  ],
  observe: ({ lab, evidence }) =>
    keepingFeatures(lab, async () => {
      await using _ = await receivers(lab);
      const director = hostsOf(lab.spec, 'director')[0];
      await setAll(lab, () => all(true));
      const capture = await lab.capture({
        filter: `tcp dst port ${uploadPort} or icmp[icmptype] == 3`,
        snapLengthBytes: 128,
      });
      const captured = await upload(lab, bytes);
      const pcap = await capture.stop();
      await evidence.save('upload.pcap', pcap);
      const frames = decodePcap(pcap);
      const withOffloads = await upload(lab, bytes);
      await setAll(lab, () => all(false));
      const without = await upload(lab, bytes);
      const needed = frames.filter(({ icmp }) => icmp?.type === 3 && icmp.code === 4);
      const out = frames.filter((frame) => frame.src === director?.mac && frame.tcp !== undefined);
      return {
        bytes,
        captured,
        withOffloads,
        without,
        longestBytes: out.reduce((longest, frame) => Math.max(longest, frame.bytes), 0),
        needed: needed.length,
        mtu: needed.at(-1)?.icmp?.mtu ?? 0,
      };
    }),
  judge({ bytes, captured, withOffloads, without, longestBytes, needed, mtu }, { spec }) {
    const limit = spec.network.mtu + etherBytes;
    const expected = `${bytes} bytes arrive in frames above ${limit} bytes, and fragmentation is needed 0 times`;
    const seen = `${captured.error ?? `${captured.arrivedBytes} bytes arrived`}, in frames of up to ${longestBytes} bytes; ${needed} times was the client told that fragmentation is needed`;
    if (needed > 0)
      return fail(expected, seen, {
        cause: `the director finds frames too long for a route of MTU ${mtu}`,
        remedy: on(
          everyHost(spec, 'director'),
          'ip route show',
          'ip link show',
          (host) => `ethtool -K ${deviceAt(spec, host)} lro off`,
        ),
      });
    if (longestBytes === 0) return inconclusive(expected, `no frame of the director was captured; ${seen}`);
    if (!captured.same)
      return fail(expected, seen, {
        cause: 'the director does not forward long frames',
        remedy: on(
          everyHost(spec, 'director'),
          (host) => `ethtool -K ${deviceAt(spec, host)} gro off lro off`,
        ),
      });
    if (longestBytes <= limit)
      return inconclusive(expected, `no frame was longer than the MTU, so this shows nothing; ${seen}`);
    return pass(expected, seen, { figures: figures(bytes, { withOffloads, without }) });
  },
});

/** Told, not judged: how fast the machine is this second is no property of direct routing. */
const figures = (bytes: number, each: Pick<Bulk, 'withOffloads' | 'without'>) =>
  [
    { name: 'upload with offloads', took: each.withOffloads.tookUs },
    { name: 'upload without offloads', took: each.without.tookUs },
  ].flatMap(({ name, took }) =>
    took ? [{ name, value: Math.round((bytes * 8e6) / took), unit: 'bit/s', better: 'higher' as const }] : [],
  );
