import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../../src/model/lab.ts';
import type { LabSpec } from '../../../src/model/spec.ts';
import { readPcap } from '../../../src/probe/pcap.ts';
import { count, list } from '../../common/subjects.ts';
import { decodeAdvert, vrrpBody } from './vrrp-wire.ts';

/** What advertisements say of the virtual router that they speak for; those of one virtual router have to agree. */
export interface Voice {
  /** Name of the director by its address, else that address. */
  from: string;
  virtualRouterId: number;
  version: number;
  advertMs: number;
  /** Version 2 only: 0 none, 1 a password, 2 a keyed digest (AH). */
  authentication?: number;
  vips: string[];
  adverts: number;
}

export const voicesFilter = 'ip proto 112';

/** RFC 9568 §5.2 and RFC 3768 §5.3: from byte 8 on the addresses, as many as byte 3 says. */
export function voicesIn(pcap: Uint8Array, spec: LabSpec): Voice[] {
  const voices = new Map<string, Voice>();
  for (const { frame, captured } of readPcap(pcap)) {
    const advert = decodeAdvert(frame, captured, spec);
    if (!advert || advert.priority === 0) continue;
    const body = vrrpBody(captured);
    const addresses = Array.from({ length: body[3] ?? 0 }, (_, i) => body.subarray(8 + 4 * i, 12 + 4 * i));
    const { from, virtualRouterId, version, advertMs } = advert;
    const voice = {
      ...{ from, virtualRouterId, version, advertMs },
      ...(version === 2 && { authentication: body[4] ?? 0 }),
      vips: addresses.filter(({ length }) => length === 4).map((bytes) => bytes.join('.')),
    };
    const key = JSON.stringify(voice);
    voices.set(key, { ...voice, adverts: (voices.get(key)?.adverts ?? 0) + 1 });
  }
  return [...voices.values()];
}

/** Long enough for everyone who believes to be the master to be heard twice. */
export async function listenToVoices(lab: Lab): Promise<{ voices: Voice[]; pcap: Uint8Array }> {
  const capture = await lab.capture({ filter: voicesFilter });
  await sleep(2.3 * (lab.spec.director.vrrp?.advertMs ?? 1_000));
  const pcap = await capture.stop();
  return { voices: voicesIn(pcap, lab.spec), pcap };
}

export interface Disagreement {
  /** Who says what. */
  seen: string;
  cause: string;
  /** Who advertises it, directors and others. */
  speakers: string[];
  /** What to write, and where. */
  advice: string;
}

/** In these a receiver insists on its own; keepalived lets another interval pass. */
const facts: { word: string; keyword: string; of: (voice: Voice) => string }[] = [
  { word: 'version', keyword: 'version (or vrrp_version)', of: ({ version }) => `${version}` },
  {
    word: 'authentication',
    keyword: 'authentication',
    of: ({ authentication = 0 }) => ['none', 'a password', 'AH'][authentication] ?? `type ${authentication}`,
  },
  { word: 'VIPs', keyword: 'virtual_ipaddress', of: ({ vips }) => list([...vips].sort()) },
];

/** The first thing in which voices that have to agree do not; a receiver drops what differs, and takes over itself. */
export function disagreementOf(voices: readonly Voice[]): Disagreement | undefined {
  for (const voice of voices) {
    const sameId = voices.filter((one) => one.virtualRouterId === voice.virtualRouterId);
    const strangers = sameId.filter(({ vips }) => !vips.some((vip) => voice.vips.includes(vip)));
    if (strangers.length > 0) return idUsedTwice(voice, [voice, ...strangers]);
    for (const fact of facts) {
      const said = new Set(sameId.map(fact.of));
      if (said.size > 1) return differing(fact, sameId);
    }
    const otherIds = voices.filter(
      (one) =>
        one.virtualRouterId !== voice.virtualRouterId && one.vips.some((vip) => voice.vips.includes(vip)),
    );
    if (otherIds.length > 0) return otherId([voice, ...otherIds]);
  }
  return undefined;
}

const speakersOf = (voices: readonly Voice[]): string[] => [...new Set(voices.map(({ from }) => from))];

function idUsedTwice({ virtualRouterId }: Voice, voices: Voice[]): Disagreement {
  const speakers = speakersOf(voices);
  return {
    seen: voices
      .map(({ from, vips }) => `${from} advertises ${list(vips)} as router ${virtualRouterId}`)
      .join('; '),
    cause: `two virtual routers of this segment have the ID ${virtualRouterId}, so each drops what the other one says`,
    speakers,
    advice: `give one of them another virtual_router_id, on all its directors (${list(speakers)} advertise this one)`,
  };
}

function differing({ word, keyword, of }: (typeof facts)[number], voices: Voice[]): Disagreement {
  const speakers = speakersOf(voices);
  const [id] = voices.map(({ virtualRouterId }) => virtualRouterId);
  return {
    seen: voices.map((one) => `${one.from} says of router ${id}: ${word} ${of(one)}`).join('; '),
    cause: `${list(speakers)} do not agree on the ${word} of router ${id}, so each drops what the other one says`,
    speakers,
    advice: `in keepalived.conf of ${list(speakers)}: the same ${keyword}`,
  };
}

function otherId(voices: Voice[]): Disagreement {
  const speakers = speakersOf(voices);
  return {
    seen: voices
      .map(
        ({ from, vips, virtualRouterId }) => `${from} advertises ${list(vips)} as router ${virtualRouterId}`,
      )
      .join('; '),
    cause: `${list(speakers)} advertise the same VIP under ${count(voices.length, 'virtual router ID')}, so neither takes heed of the other`,
    speakers,
    advice: `in keepalived.conf of ${list(speakers)}: the same virtual_router_id`,
  };
}
