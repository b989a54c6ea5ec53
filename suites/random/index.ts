import type { FaultFamily, RandomFault } from '../../src/model/random-fault.ts';
import type { LabSpec } from '../../src/model/spec.ts';
import { type Random, randomFrom } from '../../src/statistics/random.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { addresses } from './addresses.ts';
import { daemons, files } from './daemons.ts';
import { filters } from './filters.ts';
import { harmlessOnes } from './harmless.ts';
import { Draw, type Drawn, type Kind } from './kind.ts';
import { links } from './links.ts';
import { neighbours } from './neighbours.ts';
import { routes } from './routes.ts';
import { sysctls } from './sysctls.ts';
import { tables } from './tables.ts';

/** Single faults drawn at random: what nobody thought of beforehand, so far as kinds can be written down. */
export const kinds: readonly Kind[] = [
  ...routes,
  ...neighbours,
  ...addresses,
  ...links,
  ...filters,
  ...sysctls,
  ...tables,
  ...daemons,
  ...files,
  ...harmlessOnes,
];

/** One of so many that are drawn is harmless. */
const harmlessOneIn = 10;

/**
 * Equal seeds give equal faults, and more of them begin with the same. Every kind that the lab can have is as likely as the
 * others; one in ten faults is harmless.
 * @throws {NotInLab} where the lab has nothing to break.
 */
export function drawFaults(spec: LabSpec, count: number, seed: number): RandomFault[] {
  const drawn: RandomFault[] = [];
  for (let i = 0; i < count; i++) {
    const block = Math.floor(i / harmlessOneIn);
    const harmless = i % harmlessOneIn === randomFrom(seed, `block ${block}`).below(harmlessOneIn);
    const random = randomFrom(seed, `fault ${i}`);
    const known = new Set(drawn.map(({ breaks }) => breaks));
    const { kind, one } = draw(spec, random, (family) => (family === 'harmless') === harmless, known);
    drawn.push({
      id: `R${String(i + 1).padStart(2, '0')}`,
      family: kind.family,
      kind: kind.name,
      ...one,
      hosts: [...new Set(one.hosts.map(({ name }) => name))],
    });
  }
  return drawn;
}

/** Those drawn before are drawn again only where there is hardly anything else. */
function draw(spec: LabSpec, random: Random, fits: (family: FaultFamily) => boolean, known: Set<string>) {
  let repeated: { kind: Kind; one: Drawn } | undefined;
  for (let tries = 0; tries < 20; tries++) {
    const found = firstPossible(spec, random, fits);
    if (!known.has(found.one.breaks)) return found;
    repeated = found;
  }
  return repeated as { kind: Kind; one: Drawn };
}

function firstPossible(spec: LabSpec, random: Random, fits: (family: FaultFamily) => boolean) {
  for (const kind of random.shuffled(kinds.filter(({ family }) => fits(family)))) {
    const one = possible(kind, new Draw(spec, random));
    if (one) return { kind, one };
  }
  throw new NotInLab(`lab «${spec.name}» has nothing that a random fault could break`);
}

function possible(kind: Kind, from: Draw): Drawn | undefined {
  try {
    return kind.draw(from);
  } catch (error) {
    if (error instanceof NotInLab) return undefined;
    throw error;
  }
}
