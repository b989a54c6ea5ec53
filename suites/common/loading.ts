import type { Lab } from '../../src/model/lab.ts';
import type { Figure } from '../../src/model/measurement.ts';
import { hostsOf, type ServiceSpec } from '../../src/model/spec.ts';
import type { InstrumentHealth } from '../../src/probe/client/prober.ts';
import { type Aim, type LoadGenerator, type LoadRun, loadRun } from '../../src/probe/generators/index.ts';
import { medianInterval } from '../../src/statistics/bootstrap.ts';
import { median } from '../../src/statistics/quantile.ts';
import { clientOf, list, realServersOf, targetOf } from './subjects.ts';

/*
 *   client ──load──▶ VIP ──▶ director ──▶ real servers     first one, then the other, in rounds, the order turning
 *   client ──load──▶ RIP of the first ──▶ real server      round each time, so that a drift meets both alike
 */
export interface Round {
  vip: LoadRun;
  direct: LoadRun;
}

export type Ways = Record<keyof Round, Omit<Aim, 'durationMs'>>;

/** The two ways to a service. */
export function waysTo(lab: Lab, service: ServiceSpec): Ways {
  const { spec } = lab;
  const directors = hostsOf(spec, 'director').map(({ name }) => name);
  const servers = realServersOf(spec, service);
  const common = { lab, client: clientOf(spec).name, directors };
  const first = servers.slice(0, 1);
  const rip = { ip: first[0]?.ip ?? '', port: service.port };
  return {
    vip: { ...common, target: targetOf(service), realServers: servers.map(({ name }) => name) },
    direct: { ...common, target: rip, realServers: first.map(({ name }) => name) },
  };
}

export async function inRounds(
  ways: Ways,
  generator: LoadGenerator,
  o: { rounds: number; roundMs: number; note: (text: string) => void },
): Promise<Round[]> {
  const done: Round[] = [];
  const over = (way: keyof Ways) => loadRun(generator, { ...ways[way], durationMs: o.roundMs });
  for (let round = 1; round <= o.rounds; round++) {
    o.note(`${generator.name}, round ${round} of ${o.rounds}`);
    const vipFirst = round % 2 === 1;
    const first = await over(vipFirst ? 'vip' : 'direct');
    const second = await over(vipFirst ? 'direct' : 'vip');
    done.push(vipFirst ? { vip: first, direct: second } : { vip: second, direct: first });
  }
  return done;
}

/** Why these rounds give no figure, if so. */
export function whyNoFigure(rounds: readonly Round[]): string | undefined {
  const runs = rounds.flatMap(({ vip, direct }) => [vip, direct]);
  if (runs.length === 0) return 'nothing was measured';
  const errors = runs.reduce((sum, run) => sum + run.errors, 0);
  if (errors > 0) return `${errors} errors in ${rounds.length} rounds: look at the checks of path first`;
  if (runs.some((run) => !((run.figures[0]?.value ?? 0) > 0))) return 'a round had no answer at all';
  return unfit(runs.flatMap(({ health }) => health ?? []));
}

/** What was wrong with the instrument, and what to do. */
export function unfit(healths: readonly InstrumentHealth[]): string | undefined {
  const reasons = healths.flatMap((health) => health.reasons);
  if (reasons.length === 0) return undefined;
  return `the prober was not healthy: ${list(reasons)}; measure on an idle machine, in the sandbox host or with more CPUs`;
}

/** Fixes the resampling, so that the same rounds always give the same interval. */
const seed = 1;

/**
 * The headline, how sure it is, and what it is made of. Without the ratio where the generator was at its limit on both
 * ways: it would be 1 whatever the director does.
 * @param of the name of a figure that every run has
 */
export function ratioFigures(rounds: readonly Round[], of: string, prefix = ''): Figure[] {
  const figureOf = (run: LoadRun) => run.figures.find(({ name }) => name === of)?.value ?? Number.NaN;
  const unit = rounds[0]?.vip.figures.find(({ name }) => name === of)?.unit ?? '1';
  const samples = rounds.length;
  const absolute = (way: keyof Round, words: string): Figure => ({
    name: `${prefix}${of} ${words}`,
    value: median(rounds.map((round) => figureOf(round[way]))),
    unit,
    samples,
    better: 'higher',
  });
  const figures = [absolute('vip', 'through the VIP'), absolute('direct', 'direct to one RIP')];
  if (rounds.some(({ vip, direct }) => isGenerator(vip) && isGenerator(direct))) return figures;
  const ratios = rounds.map(({ vip, direct }) => figureOf(vip) / figureOf(direct));
  const { low, high } = medianInterval(ratios, seed);
  const ratio = (name: string, value: number): Figure => ({
    name: `${prefix}VIP / direct${name}`,
    value,
    unit: '1',
    samples,
    better: 'higher',
  });
  const bounds = samples < 3 ? [] : [ratio(', 95 % from', low), ratio(', 95 % to', high)];
  return [ratio('', median(ratios)), ...bounds, ...figures];
}

const isGenerator = ({ saturated }: LoadRun): boolean => saturated.part === 'generator';

/** What the figures are limited by, and what was lost on the way; as a sentence. */
export function limitOf(rounds: readonly Round[]): string {
  const runs = rounds.flatMap(({ vip, direct }) => [vip, direct]);
  const parts = [...new Set(runs.map(({ saturated }) => saturated.part))];
  const limits = parts.map((part) => {
    const why = runs.find(({ saturated }) => saturated.part === part)?.saturated.why;
    return `${part} (${why})`;
  });
  const dropped = runs.flatMap(({ hosts }) => hosts.filter((host) => host.dropped + host.backlogDropped > 0));
  const drops = dropped.length > 0 ? `; frames were dropped at ${list(dropped.map(({ host }) => host))}` : '';
  return `at the limit: ${list(limits)}${drops}`;
}
