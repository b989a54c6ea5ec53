import { hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { afterApply } from '../common/mutate.ts';
import type { Change } from '../common/stages.ts';
import { routerOf } from './hops.ts';

/** Shell text for a host’s namespace, in the folder of a daemon there; it is waited for until it runs. */
const inFolderOf = (host: string, daemon: string, text: string): string => `for try in $(seq 200); do
  for pid in $(ip netns pids ${host}); do
    [ "$(cat /proc/$pid/comm)" != ${daemon} ] || { cd /proc/$pid/cwd; break 2; }
  done
  sleep 0.05
done
ip netns exec ${host} sh -ec '${text}'
cd /`;

const lastDirector = (spec: LabSpec): string => hostsOf(spec, 'director').at(-1)?.name ?? '';

/** What goes wrong on one director, once its table is filled. */
export const onLastDirector = (text: (spec: LabSpec) => string): Change =>
  afterApply((spec) => {
    const name = lastDirector(spec);
    const filled = `for try in $(seq 200); do [ -z "$(ipvsadm -Sn)" ] || break; sleep 0.05; done; sleep 1`;
    return inFolderOf(name, 'keepalived', `${filled}\n${text(spec)}`);
  });

export const onRouter = (text: (spec: LabSpec) => string): Change =>
  afterApply((spec) => inFolderOf(routerOf(spec), 'bird', text(spec)));

/** `birdc` of the folder that a hook is in. */
export const birdc = (words: string): string => `birdc -s bird.ctl ${words}`;
