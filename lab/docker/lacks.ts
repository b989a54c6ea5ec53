import type { Capability } from '../../src/model/capabilities.ts';
import type { DockerSpec } from '../../src/model/spec.ts';
import type { LabOf } from '../base/driver.ts';
import { lacksCapability as lacksAsNamespaces, type SandboxOffer } from '../base/lacks.ts';

/** Why a lab of containers lacks the capability, as one sentence; undefined when it has it. */
export function lacksCapability(
  capability: Capability,
  spec: LabOf<DockerSpec>,
  place: SandboxOffer & { protoDown: boolean },
): string | undefined {
  const ownImage = spec.hosts.find((host) => host.container?.image !== undefined);
  if (ownImage && needsNamedAnswers.includes(capability)) {
    return `${ownImage.name} serves from an image of your own, whose answers do not say which real server they come from`;
  }
  if (capability === 'linkFault' && spec.driver.network === 'macvlan' && !place.protoDown) {
    return 'this kernel cannot take the carrier from a macvlan interface (Linux 5.8 can)';
  }
  return lacksAsNamespaces(capability, spec, place);
}

/** What these capabilities are for is judged by who answered. */
const needsNamedAnswers: Capability[] = ['severalRealServers', 'schedulerRr', 'schedulerWrr', 'udpService'];
