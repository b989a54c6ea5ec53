import type { Judge } from './judge.ts';
import { isCalm } from './windows.ts';
import { at, fails, holds, inconclusive, list } from './words.ts';

export const oneOwner: Judge = ({ observation, bounds, directors, settlingMs }) => {
  const { looks, faults } = observation;
  const lastMs = Math.max(0, ...faults.map(({ reverted }) => reverted.toMs)) + settlingMs;
  // The last look is made after settling, whenever the look before it was.
  const calm = looks.filter(
    ({ fromMs, toMs }, i) =>
      i === looks.length - 1 ||
      [fromMs, toMs].every((tMs) => isCalm(tMs, faults, bounds, directors, settlingMs)),
  );
  const last = looks.at(-1);
  if (!last || last.toMs < lastMs) return inconclusive('nothing was observed after settling');
  if (Object.keys(last.holders).length === 0) return inconclusive('no VIP was observed');
  for (const { fromMs, holders } of calm)
    for (const [vip, owners] of Object.entries(holders))
      if (owners.length !== 1)
        return fails(
          `at ${at(fromMs)} ${owners.length === 0 ? 'no director has' : `${list(owners)} have`} ${vip}`,
        );
  const words = Object.entries(last.holders).map(([vip, owners]) => `${list(owners)} has ${vip}`);
  return holds(`one owner in ${calm.length} looks; ${words.join('; ')}`);
};

export const neighboursFollow: Judge = ({ observation: { final, looks } }) => {
  const last = looks.at(-1);
  if (!last || final.neighbours.length === 0) return inconclusive('no client or router was observed');
  for (const { host, vip, mac } of final.neighbours) {
    const owners = last.holders[vip] ?? [];
    const [owner] = owners;
    if (owner === undefined || owners.length > 1) return inconclusive(`${vip} has ${owners.length} owners`);
    const expected = final.macs[vip]?.[owner];
    if (expected === undefined) return inconclusive(`the MAC address of ${owner} is not known`);
    if (mac === expected) continue;
    const whose = Object.entries(final.macs[vip] ?? {}).find(([, its]) => its === mac)?.[0];
    const told = mac === null ? 'nothing' : whose === undefined ? mac : `${whose} (${mac})`;
    return fails(`${host} has ${told} for ${vip}, and ${owner} (${expected}) owns it`);
  }
  return holds(`${list(final.neighbours.map(({ host }) => host))} send to the owner`);
};

export const tablesAlike: Judge = ({ observation: { final }, directors }) => {
  const [one = '', other = ''] = directors;
  const [first, second] = [final.rules[one], final.rules[other]];
  if (!first || !second) return inconclusive('the rules of a director are not known');
  if (first.length === 0 && second.length === 0) return fails('neither director has any rules');
  const only = (mine: string[], others: string[]) => mine.filter((line) => !others.includes(line));
  const [more, less] = [only(first, second), only(second, first)];
  if (more.length + less.length === 0) return holds(`${first.length} lines of rules on both`);
  const words = [
    ...more.map((line) => `only ${one}: ${line}`),
    ...less.map((line) => `only ${other}: ${line}`),
  ];
  return fails(words.join('; '));
};
