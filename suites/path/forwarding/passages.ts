import type { Evidence } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { tcpFrame } from '../../../src/probe/frame.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { readPcap } from '../../../src/probe/pcap.ts';
import { craftedPort } from '../../common/crafted-ports.ts';
import { type Look, lookBehind } from '../../common/looking/look.ts';
import { orWrapped } from '../../common/methods.ts';
import { isFrom, macsTowardsServers, serviceOf } from '../../common/subjects.ts';
import { sendFrom, type Way, wayToVip } from '../crafted.ts';
import { ipBytes } from './fields.ts';

/** One crafted packet, in hex from the IP header on, before and behind the director. */
export interface Passage {
  what: string;
  /** False for the packet whose TCP checksum is wrong on purpose: recomputing it would fix it. */
  valid: boolean;
  in?: string;
  out: string[];
}

export interface Passages {
  director: string;
  passages: Passage[];
  /** Where some did not come out: to which real server the director scheduled each packet, and what lies behind it. */
  lost?: { look: Look; scheduled: { what: string; server: string }[] };
}

const firstId = 0x5100;

/** A SYN with each thing that a director must leave alone; unusual values, so that defaults do not look like them. */
function packets(way: Way, dstPort: number): { what: string; valid: boolean; frame: Uint8Array }[] {
  const timestamps = [8, 10, 0, 0, 0x30, 0x39, 0, 0, 0, 0];
  const kinds: { what: string; valid: boolean; more: Partial<Parameters<typeof tcpFrame>[0]> }[] = [
    {
      what: 'MSS, SACK, timestamps and window scale; DSCP AF41 and ECT(0)',
      valid: true,
      more: { tos: 0x8a, tcpOptions: [2, 4, 0x05, 0x78, 4, 2, ...timestamps, 1, 3, 3, 5] },
    },
    {
      what: 'ECN CE and data',
      valid: true,
      more: { tos: 0x03, payload: Uint8Array.from({ length: 32 }, (_, i) => i) },
    },
    // RFC 4727: an option number for experiments, to be copied into fragments.
    { what: 'an IP option', valid: true, more: { ipOptions: [0x9e, 4, 0xca, 0xfe] } },
    { what: 'a wrong TCP checksum', valid: false, more: {} },
  ];
  return kinds.map(({ what, valid, more }, i) => {
    const frame = tcpFrame({
      ...way.ends,
      srcPort: craftedPort.unchanged + i,
      dstPort,
      id: firstId + i,
      seq: 0x12345678,
      windowBytes: 4_321,
      flags: ['syn'],
      ...more,
    });
    if (!valid) frame[14 + 20 + 16] = (frame[14 + 20 + 16] ?? 0) ^ 0x55;
    return { what, valid, frame };
  });
}

export async function passages(lab: Lab, evidence: Evidence): Promise<Passages> {
  const way = await wayToVip(lab);
  const { port } = serviceOf(lab.spec, 'tcp');
  const sent = packets(way, port);
  const capture = await lab.capture({ filter: orWrapped(`ip and src host ${way.client.ip}`) });
  await sendFrom(
    lab,
    way,
    sent.map(({ frame }) => frame),
  );
  const pcap = await capture.stop();
  await evidence.save('crafted.pcap', pcap);
  const seen = readPcap(pcap).filter(({ frame }) => frame.tcp !== undefined);
  const servers = macsTowardsServers(lab.spec);
  const found: Passages = {
    director: way.director.name,
    passages: sent.map(({ what, valid }, i) => {
      const same = seen.filter(
        ({ frame }) => frame.ip?.id === firstId + i && frame.tcp?.srcPort === craftedPort.unchanged + i,
      );
      const into = same.find(({ frame }) => frame.dst === way.director.mac);
      const out = same.filter(({ frame }) => isFrom(frame.src, way.director) && servers.has(frame.dst));
      return {
        what,
        valid,
        ...(into && { in: ipBytes(into.captured).toString('hex') }),
        out: out.map(({ captured }) => ipBytes(captured).toString('hex')),
      };
    }),
  };
  const stuck = found.passages.some((one) => one.in !== undefined && one.out.length === 0);
  return stuck
    ? {
        ...found,
        lost: await lostIn(
          lab,
          way,
          sent.map(({ what }) => what),
        ),
      }
    : found;
}

async function lostIn(
  lab: Lab,
  { client, director }: Way,
  whats: string[],
): Promise<NonNullable<Passages['lost']>> {
  const entries = lab.lacks('ipvs') ? [] : await ipvs.connections(lab.host(director.name));
  const scheduled = whats.flatMap((what, i) => {
    const entry = entries.find((one) => one.cip === client.ip && one.cport === craftedPort.unchanged + i);
    const server = lab.spec.hosts.find(({ ip }) => ip === entry?.rip)?.name;
    return server === undefined ? [] : [{ what, server }];
  });
  const servers = scheduled.map(({ server }) => server);
  return { scheduled, look: await lookBehind(lab, serviceOf(lab.spec, 'tcp'), servers) };
}
