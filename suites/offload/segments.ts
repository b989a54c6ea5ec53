import { hostsOf } from '../../src/model/spec.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { afterApply } from '../common/mutate.ts';
import { deviceAt, on } from '../common/remedy.ts';
import { clientOf } from '../common/subjects.ts';
import { all, keepingFeatures, setAll } from './features.ts';
import { uploads } from './stage.ts';
import { receivers, type Upload, upload } from './upload.ts';

interface Counted {
  director: string;
  /** Full segments that the upload makes on a wire: the fewest that an MTU allows. */
  segments: number;
  withOffloads: { inPackets: number; upload: Upload };
  without: { inPackets: number; upload: Upload };
}

const bytes = 1_000_000;
/** IPv4, TCP and its timestamps. */
const headerBytes = 52;

/** Linux ip_vs_in_stats() counts buffers, and with offloads one buffer is many segments. */
export const countsBuffers = functional<Counted>({
  id: 'OFF-03',
  suite: 'offload',
  level: 'should',
  title: 'with offloads IPVS counts fewer packets than a wire would carry',
  requirement:
    'InPkts counts frames as they arrive: with segmentation offload far fewer than segments, without it all of them. Packets per second of the two cannot be compared.',
  source: 'Linux ip_vs_in_stats(), segmentation-offloads.rst',
  needs: ['ipvs', 'director'],
  stage: uploads,
  mutants: [
    {
      id: 'client-segments',
      breaks: 'the client has no segmentation offload, so that the director receives single segments',
      change: afterApply((spec) => `ip netns exec ${clientOf(spec).name} ethtool -K eth0 tso off gso off`),
      reason: /c1 .*single segments/,
    },
  ],
  observe: ({ lab }) =>
    keepingFeatures(lab, async () => {
      await using _ = await receivers(lab);
      const director = hostsOf(lab.spec, 'director')[0]?.name ?? '';
      const counted = async () => {
        const before = await ipvs.counters(lab.host(director));
        const done = await upload(lab, bytes);
        return {
          inPackets: (await ipvs.counters(lab.host(director))).inPackets - before.inPackets,
          upload: done,
        };
      };
      const withOffloads = await counted();
      await setAll(lab, () => all(false));
      const without = await counted();
      const segments = Math.ceil(bytes / (lab.spec.network.mtu - headerBytes));
      return { director, segments, withOffloads, without };
    }),
  judge({ director, segments, withOffloads, without }, { spec }) {
    const expected = `for ${segments} segments ${director} counts at most half with offloads, and at least ${segments} without`;
    const seen = `${withOffloads.inPackets} with offloads, ${without.inPackets} without`;
    if (!withOffloads.upload.same || !without.upload.same)
      return inconclusive(expected, 'an upload did not arrive');
    if (withOffloads.inPackets > segments / 2)
      return fail(expected, seen, {
        cause: `${clientOf(spec).name} sends single segments: it has no segmentation offload`,
        remedy: on(clientOf(spec).name, (host) => `ethtool -K ${deviceAt(spec, host)} tx on tso on gso on`),
      });
    if (without.inPackets < segments)
      return fail(expected, seen, {
        cause: `something before ${director} still merges segments`,
        remedy: on(director, `ethtool -K ${deviceAt(spec, director)} gro off lro off`),
      });
    return pass(expected, seen, {
      figures: [
        { name: 'packets counted with offloads', value: withOffloads.inPackets, unit: 'packets' },
        { name: 'packets counted without offloads', value: without.inPackets, unit: 'packets' },
      ],
    });
  },
});
