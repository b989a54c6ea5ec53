import type { Host } from '../../src/model/host.ts';
import type { Lab } from '../../src/model/lab.ts';
import { deviceOf, hostsOf, type Role } from '../../src/model/spec.ts';

/** What a network card may do for the kernel, by the short names of ethtool. */
export const features = ['tx', 'tso', 'gso', 'gro'] as const;
export type Feature = (typeof features)[number];
export type Setting = Record<Feature, boolean>;

export const ends: Role[] = ['client', 'director', 'realServer'];

const longNames: Record<Feature, string> = {
  tx: 'tx-checksumming',
  tso: 'tcp-segmentation-offload',
  gso: 'generic-segmentation-offload',
  gro: 'generic-receive-offload',
};

export const all = (on: boolean): Setting => ({ tx: on, tso: on, gso: on, gro: on });

/** @throws {CommandFailed} without ethtool. */
export async function settingOf(host: Host, device: string): Promise<Setting> {
  return parseSetting((await host.exec(`exec ethtool -k ${device}`)).stdout);
}

/** Parses `ethtool -k`. */
export function parseSetting(text: string): Setting {
  const on = (feature: Feature): boolean => new RegExp(`^${longNames[feature]}: on`, 'm').test(text);
  return { tx: on('tx'), tso: on('tso'), gso: on('gso'), gro: on('gro') };
}

/** Without checksums in hardware there is no segmentation in hardware either: that follows by itself. */
async function set(host: Host, device: string, setting: Setting): Promise<void> {
  const words = features.map((feature) => `${feature} ${setting[feature] ? 'on' : 'off'}`);
  await host.exec(`exec ethtool -K ${device} ${words.join(' ')}`);
}

/** Sets clients, directors and real servers as `settingFor` says, by role. */
export async function setAll(lab: Lab, settingFor: (role: Role) => Setting): Promise<void> {
  await Promise.all(
    ends.flatMap((role) =>
      hostsOf(lab.spec, role).map((host) => set(lab.host(host.name), deviceOf(host), settingFor(role))),
    ),
  );
}

/** Runs `work`, and puts the features of all hosts back to what they were. */
export async function keepingFeatures<T>(lab: Lab, work: () => Promise<T>): Promise<T> {
  const hosts = ends.flatMap((role) => hostsOf(lab.spec, role));
  const before = await Promise.all(hosts.map((host) => settingOf(lab.host(host.name), deviceOf(host))));
  try {
    return await work();
  } finally {
    await Promise.all(
      hosts.map((host, i) => set(lab.host(host.name), deviceOf(host), before[i] ?? all(true))),
    );
  }
}
