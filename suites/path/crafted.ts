import type { Lab } from '../../src/model/lab.ts';
import { deviceOf, type HostSpec, hostSpec, hostsOf } from '../../src/model/spec.ts';
import { legTo } from '../../src/model/topology.ts';
import { inject } from '../../src/probe/inject.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { barrier } from '../common/barrier.ts';
import { clientOf, gatewayOf, serviceOf } from '../common/subjects.ts';
import { ipCounters, readIpCounters } from './snmp.ts';

/*
 *   client ──crafted packets──▶ (router) ──▶ director ──▶ real server
 */

/** How a crafted packet gets from the client to the director. */
export interface Way {
  client: HostSpec;
  director: HostSpec;
  vip: string;
  /** Of the frames as the client must send them: to the director, or to the router in front of it. */
  ends: { srcMac: string; dstMac: string; srcIp: string; dstIp: string };
  /** Routers before the director; each takes one from the TTL. */
  hops: number;
  /** The host whose frames come in at the director: the client, or the router. */
  lastHop: HostSpec;
}

export async function wayToVip(lab: Lab, vip = serviceOf(lab.spec, 'tcp').vip): Promise<Way> {
  const client = clientOf(lab.spec);
  const director = hostSpec(lab.spec, await activeDirector(lab, vip));
  const lastHop = gatewayOf(lab.spec, client);
  const next = lastHop === client ? director.mac : legTo(lab.spec, lastHop, client).mac;
  return {
    client,
    director,
    vip,
    ends: { srcMac: client.mac, dstMac: next, srcIp: client.ip, dstIp: vip },
    hops: lastHop === client ? 0 : 1,
    lastHop,
  };
}

/** Sends frames from the client, and returns once what they caused on the segment is on the wire. */
export async function sendFrom(lab: Lab, way: Way, frames: Uint8Array[]): Promise<void> {
  const { client, director } = way;
  await inject(lab.host(client.name), frames, { device: deviceOf(client) });
  const rips = hostsOf(lab.spec, 'realServer').map((server) => server.ip);
  await barrier(lab.host(director.name), [client.ip], rips);
}

/**
 * Runs `work` while no ICMP error of the host counts against its rate limit. (A limit of 0 would let them out as well,
 * and leave none for the second that follows.)
 * @returns with the counters of its IP layer before and after
 */
export async function withoutIcmpLimit(
  lab: Lab,
  host: string,
  work: () => Promise<void>,
): Promise<{ before: Record<string, number>; after: Record<string, number> }> {
  const path = '/proc/sys/net/ipv4/icmp_ratemask';
  // Not by the shell's read: it takes byte after byte, and the kernel gives only the first digit so.
  const set = async (value: string) =>
    (await lab.host(host).exec(`cat ${path}; echo ${value} >${path}; ${readIpCounters}`)).stdout;
  const start = await set('0');
  let end = '';
  try {
    await work();
  } finally {
    end = await set(start.split('\n')[0] ?? '');
  }
  return { before: ipCounters(start), after: ipCounters(end) };
}
