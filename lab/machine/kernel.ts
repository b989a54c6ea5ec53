import type { Finding } from './finding.ts';
import type { Probing } from './probing.ts';

/** What the host's own kernel can do. None of it is required: the uml sandbox brings a kernel of its own. */
export function inspectKernel(on: Probing): Promise<Finding[]> {
  return Promise.all([ipvs(on), userNamespaces(on), netdevFamily(on), kvm(on)]);
}

async function ipvs(on: Probing): Promise<Finding> {
  const version = /IP Virtual Server version (\S+)/.exec((await on.read('/proc/net/ip_vs')) ?? '')?.[1];
  const module =
    version === undefined && (await on.run(['modprobe', '--dry-run', '--quiet', 'ip_vs'])).code === 0;
  return {
    name: 'ip_vs',
    ok: version !== undefined,
    required: false,
    found: version ? `version ${version}` : module ? 'a module that is not loaded' : 'not in this kernel',
    neededFor: 'IPVS in the host sandbox; the uml sandbox has its own',
    ...(module ? { install: 'modprobe ip_vs' } : {}),
  };
}

async function userNamespaces(on: Probing): Promise<Finding> {
  const { code, output } = await on.run(['unshare', '--user', '--map-root-user', '--net', 'true']);
  return {
    name: 'user namespaces',
    ok: code === 0,
    required: false,
    found: code === 0 ? 'usable' : lastLine(output) || 'refused',
    neededFor: 'the host sandbox of an ordinary user',
  };
}

async function netdevFamily(on: Probing): Promise<Finding> {
  const inside = ['unshare', '--user', '--map-root-user', '--net'];
  const { code, output } = await on.run([...inside, 'nft', 'add', 'table', 'netdev', 'drlab']);
  return {
    name: 'nftables netdev',
    ok: code === 0,
    required: false,
    found: code === 0 ? 'usable' : lastLine(output) || 'refused',
    neededFor: 'nftables directors in the host sandbox',
  };
}

async function kvm(on: Probing): Promise<Finding> {
  const usable = await on.writable('/dev/kvm');
  const there = usable || (await on.read('/proc/misc'))?.includes(' kvm\n') === true;
  return {
    name: '/dev/kvm',
    ok: usable,
    required: false,
    found: usable ? 'opens (a boot may still fail)' : there ? 'may not be opened by this user' : 'not there',
    neededFor: 'the qemu sandbox at full speed',
  };
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';
