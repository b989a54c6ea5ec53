/** The names that a user may give to parts of a lab; schemas, types and messages are made from them. */

/** `heartbeat`: a pair with heartbeat, which moves the VIPs and runs ldirectord where they are. */
export const directorKinds = ['ipvsadm', 'keepalived', 'nftables', 'ldirectord', 'heartbeat'] as const;
export type DirectorKind = (typeof directorKinds)[number];

/** Where a lab file does not say. */
export const defaultDirectorKind = 'ipvsadm' satisfies DirectorKind;

export const driverKinds = ['netns', 'docker', 'ssh'] as const;
export type DriverKind = (typeof driverKinds)[number];

/** Where a lab's kernel is; `none`: no sandbox of ours, the driver's machines themselves. */
export const sandboxKinds = ['none', 'host', 'uml', 'qemu'] as const;
export type SandboxKind = (typeof sandboxKinds)[number];

/** As they are asked for. */
export const sandboxNames = ['auto', ...sandboxKinds] as const;
export type SandboxName = (typeof sandboxNames)[number];
