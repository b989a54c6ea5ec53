import { inconclusiveWhen, type Unjudged } from '../testing/inconclusive.ts';

/** ARP-04, ARP-05, ARP-07 and ARP-08 look at the wire in the same way. */
const unseen = (at = ''): Unjudged[] => [
  { because: /no director has 198\.18\.0\.100/, where: { [`${at}vips.0.holders`]: [] } },
  { because: /nobody answered an ARP request/, where: { [`${at}vips.0.repliers`]: [] } },
  { because: /c1 has no neighbour entry/, where: { [`${at}vips.0.neighbour`]: null } },
  { because: /no request was sent/, where: { [`${at}servers`]: [] } },
];
const ofNoServer: Unjudged = { because: /the lab has no real server/, where: { servers: [] } };

await inconclusiveWhen(import.meta.url, {
  'ARP-01': [
    { because: /no ARP request of ours was seen/, where: { 'vips.0.asked': 0 } },
    { because: /no ARP request of ours was seen/, where: { vips: [] } },
  ],
  'ARP-02': [
    { because: /c1 has no entry for 198\.18\.0\.100/, where: { mac: null } },
    { because: /MAC of d1 .*no request was answered/, where: { answered: 0 } },
  ],
  'ARP-03': [
    { because: /no real server sent any ARP frame/, where: { sent: [] } },
    { because: /none from .*no request was answered/, where: { answered: 0 } },
  ],
  'ARP-04': [...unseen('effect.'), ofNoServer],
  'ARP-05': [...unseen('effect.'), ofNoServer],
  'ARP-06': [
    { because: /no ARP request of ours was seen/, where: { 'rips.1.asked': 0 } },
    { because: /no ARP request of ours was seen/, where: { rips: [] } },
  ],
  'ARP-07': unseen(),
  'ARP-08': [
    ...unseen(),
    // The director is silent, so that requests fail: the rules on the real servers have no part in it.
    {
      because: /nobody answered an ARP request/,
      where: { 'vips.0.repliers': [] },
      mutant: 'dropped-on-output',
    },
  ],
  'ARP-07@pinned': [
    { because: /no request was sent/, where: { servers: [] } },
    { because: /the entry could not be pinned/, where: { entry: null } },
  ],
  'ARP-10': [{ because: /no director has/, where: { holder: null } }],
  'ARP-11': [
    { because: /no director has a VIP/, where: { 'vips.0.holders': [] } },
    { because: /no director has a VIP/, where: { vips: [] } },
  ],
  'ARP-12': [{ because: /the lab has no VIP/, where: { vips: [] } }],
  'ARP-13': [
    { because: /the entry could not be pinned/, where: { 'toDirector.entry': null } },
    { because: /no request was sent/, where: { 'toDirector.servers': [] } },
    { because: /no request was sent/, where: { 'toServer.servers': [] } },
    { because: /pinned to rs1, 6 of 6 requests failed/, where: { 'toServer.servers.*': '? (timeout)' } },
  ],
  'ARP-14': [
    { because: /without it none/, where: { without: [] } },
    { because: /none proxied for an address behind the router/, where: { control: [] } },
  ],
  'ARP-15': [
    { because: /d1 does not show its neighbour table/, where: { after: null } },
    { because: /no request was answered/, where: { answered: 0 } },
  ],
  'ARP-16': [
    { because: /no request was answered after the interfaces came back/, where: { answered: 0 } },
    { because: /no ARP frame of a real server was captured/, where: { sent: [] } },
  ],
});
