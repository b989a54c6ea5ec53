import type { Power } from '../../src/model/powers.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { lacksPower as lacksAsNamespaces, type Place } from '../netns/lacks.ts';

/** Why a lab of containers lacks the power, as one sentence; undefined when it has it. */
export function lacksPower(
  power: Power,
  spec: LabSpec,
  place: Place & { protoDown: boolean },
): string | undefined {
  const ownImage = spec.hosts.find((host) => host.container?.image !== undefined);
  if (ownImage && needsNamedAnswers.includes(power)) {
    return `${ownImage.name} serves from an image of your own, whose answers do not say which real server they come from`;
  }
  if (power === 'linkFault' && isMacvlan(spec) && !place.protoDown) {
    return 'this kernel cannot take the carrier from a macvlan interface (Linux 5.8 can)';
  }
  return lacksAsNamespaces(power, spec, place);
}

/** What these powers are for is judged by who answered. */
const needsNamedAnswers: Power[] = ['severalRealServers', 'schedulerRr', 'schedulerWrr', 'udpService'];

const isMacvlan = ({ driver }: LabSpec): boolean => driver.kind === 'docker' && driver.network === 'macvlan';
