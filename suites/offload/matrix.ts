import { type Role, vipsOf } from '../../src/model/spec.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { advice, deviceAt, everyHost, filtersOn, on } from '../common/remedy.ts';
import { list } from '../common/subjects.ts';
import { all, ends, type Feature, features, keepingFeatures, type Setting, setAll } from './features.ts';
import { uploads } from './stage.ts';
import { receivers, type Upload, upload } from './upload.ts';

interface Tried {
  bytes: number;
  tries: ({ setting: string } & Upload)[];
}

const bytes = 600_000;

const nameOfEnd: Partial<Record<Role, string>> = {
  client: 'the client',
  director: 'the director',
  realServer: 'the real servers',
};

/** All on, all off, everything off at one end, one thing off at all ends: where ends disagree is where it breaks. */
const settings: { name: string; of: (role: Role) => Setting }[] = [
  { name: 'everything on', of: () => all(true) },
  ...features.map((feature: Feature) => ({
    name: `${feature} off everywhere`,
    of: () => ({ ...all(true), [feature]: false }),
  })),
  ...ends.map((end) => ({
    name: `everything off on ${nameOfEnd[end]}`,
    of: (role: Role) => all(role !== end),
  })),
  { name: 'everything off', of: () => all(false) },
];

export const payloadSurvives = functional<Tried>({
  id: 'OFF-02',
  suite: 'offload',
  level: 'should',
  title: 'offloads change no byte of what a client sends',
  requirement:
    'An upload arrives with the hash that it was sent with, whichever of checksum, TSO, GSO and GRO are on at the client, the director and the real servers.',
  source: 'Linux segmentation-offloads.rst, checksum-offloads.rst; ip_vs_dr_xmit()',
  needs: ['ipvs', 'director'],
  stage: uploads,
  mutants: [
    {
      id: 'director-rewrites-payload',
      breaks: 'something on the director writes into the payload; with checksum offload this goes unnoticed',
      change: onDirectors(
        (spec) =>
          // Offset 120 of the packet is behind all headers; the checksum stays what it was, right or left to the card.
          `tc qdisc add dev eth0 clsact
           tc filter add dev eth0 egress protocol ip u32 match ip dst ${vipsOf(spec)[0]}/32 match ip protocol 6 0xff action pedit munge offset 120 u32 set 0x4c56532d`,
      ),
      reason: /everything on: another hash/,
    },
  ],
  observe: ({ lab, note }) =>
    keepingFeatures(lab, async () => {
      await using _ = await receivers(lab);
      const tries: Tried['tries'] = [];
      for (const { name, of } of settings) {
        // Two are enough to say what is wrong, and each may have waited for its limit.
        if (tries.filter((one) => !one.same).length >= 2) break;
        note(name);
        await setAll(lab, of);
        tries.push({ setting: name, ...(await upload(lab, bytes)) });
      }
      return { bytes, tries };
    }),
  judge({ bytes, tries }, { spec }) {
    const expected = `${tries.length} uploads of ${bytes} bytes arrive with the hash that they were sent with`;
    if (tries.length === 0) return inconclusive(expected, 'nothing was uploaded');
    const bad = tries.filter((one) => !one.same || one.arrivedBytes !== bytes);
    if (bad.length === 0) return pass(expected, `${tries.length} of ${tries.length} did`);
    const said = bad.map(
      (one) =>
        `${one.setting}: ${one.error ?? (one.arrivedBytes < bytes ? `${one.arrivedBytes} bytes` : 'another hash')}`,
    );
    return fail(expected, list(said), {
      cause: bad.every((one) => one.error)
        ? 'uploads stall with these settings: packets are dropped for their checksum or their size'
        : 'the payload is changed on the way',
      remedy: [
        ...on(
          everyHost(spec, 'director'),
          filtersOn(spec, 'egress'),
          (host) => `ethtool -k ${deviceAt(spec, host)}`,
        ),
        ...advice('switch tx, tso, gso and gro off one after the other (ethtool -K)'),
      ],
    });
  },
});
