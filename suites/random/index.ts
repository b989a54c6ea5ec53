import type { RandomFault } from '../../src/model/random-fault.ts';
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
 * Equal seeds give equal faults for a lab, and more of them begin with the same. Every kind that the lab can have comes once
 * before any comes again; one in ten faults is harmless.
 * @throws {NotInLab} where the lab has nothing to break.
 */
export function drawFaults(spec: LabSpec, count: number, seed: number): RandomFault[] {
  const drawn: RandomFault[] = [];
  for (let i = 0; i < count; i++) {
    const block = Math.floor(i / harmlessOneIn);
    const place = randomFrom(seed, `${spec.name}, block ${block}`).below(harmlessOneIn);
    const isHarmless = i % harmlessOneIn === place;
    const fitting = kinds.filter(({ family }) => (family === 'harmless') === isHarmless);
    const { kind, one } = draw(spec, randomFrom(seed, `${spec.name}, fault ${i}`), fitting, drawn);
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

interface Candidate {
  kind: Kind;
  one: Drawn;
}

/** What was drawn before is drawn again only where there is hardly anything else. */
function draw(
  spec: LabSpec,
  random: Random,
  fitting: readonly Kind[],
  before: readonly RandomFault[],
): Candidate {
  const known = new Set(before.map(({ breaks }) => breaks));
  for (let tries = 1; ; tries++) {
    const last = firstPossible(spec, random, fitting, before);
    if (!known.has(last.one.breaks) || tries === mostTries) return last;
  }
}

const mostTries = 20;

function firstPossible(
  spec: LabSpec,
  random: Random,
  fitting: readonly Kind[],
  before: readonly RandomFault[],
): Candidate {
  const times = ({ name }: Kind): number => before.filter(({ kind }) => kind === name).length;
  const rarestFirst = random.shuffled(fitting).toSorted((a, b) => times(a) - times(b));
  for (const kind of rarestFirst) {
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
