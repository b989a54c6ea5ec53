import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { findLab, readLab } from '../../src/model/labfile/index.ts';
import { labSpecSchema } from '../../src/model/schema/lab.ts';
import { hostSpec } from '../../src/model/spec.ts';
import { drawFaults, kinds } from './index.ts';

const labs = await Promise.all(
  ['default', 'routed'].map(async (name) => ({ name, spec: (await readLab(await findLab(name))).spec })),
);
const many = labs.map(({ name, spec }) => ({ name, spec, faults: drawFaults(spec, 250, 1) }));
const told = (faults: ReturnType<typeof drawFaults>) => faults.map(({ id, breaks }) => `${id} ${breaks}`);

describe.each(many)('faults drawn for the lab $name', ({ spec, faults }) => {
  it('are the same for the same seed, and others for another', () => {
    expect(told(drawFaults(spec, 20, 7))).toEqual(told(drawFaults(spec, 20, 7)));
    expect(told(drawFaults(spec, 20, 7))).not.toEqual(told(drawFaults(spec, 20, 8)));
  });

  it('begin with those of a smaller number', () => {
    expect(told(faults).slice(0, 30)).toEqual(told(drawFaults(spec, 30, 1)));
  });

  it('are harmless one time in ten, and have no cause to be found then', () => {
    for (let from = 0; from < faults.length; from += 10) {
      const harmless = faults.slice(from, from + 10).filter(({ family }) => family === 'harmless');
      expect(harmless).toHaveLength(1);
      expect(harmless[0]?.cause).toBeUndefined();
    }
    expect(faults.filter(({ family, cause }) => family !== 'harmless' && !cause)).toEqual([]);
  });

  it('are hardly ever drawn twice', () => {
    const first = told(faults.slice(0, 100)).map((text) => text.slice(4));
    expect(new Set(first).size).toBeGreaterThan(97);
  });

  it('break valid labs, whose hosts they name, and leave the given one alone', () => {
    const before = structuredClone(spec);
    for (const { change, hosts } of faults) {
      const broken = change(spec);
      expect(labSpecSchema.parse(broken)).toEqual(broken);
      expect(broken).not.toEqual(spec);
      for (const host of hosts) expect(hostSpec(spec, host).name).toBe(host);
    }
    expect(spec).toEqual(before);
  });

  it('are shell text that parses', () => {
    const texts = new Set(faults.flatMap(({ change }) => change(spec).hooks.afterApply));
    // What hosts run is an argument of the outer shell: both are looked at.
    const inner = [...texts].flatMap((text) =>
      [...text.matchAll(/ sh -ec '([^']+)'$/gs)].map(([, own = '']) => own),
    );
    expect(inner.length).toBeGreaterThan(100);
    const all = [...texts, ...inner].map((text) => `(\n${text}\n)`).join('\n');
    expect(spawnSync('sh', ['-n'], { input: all })).toMatchObject({ status: 0, stderr: Buffer.alloc(0) });
  });
});

it('every kind is drawn for one of the labs', () => {
  const drawn = new Set(many.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
  expect(kinds.map(({ name }) => name).filter((name) => !drawn.has(name))).toEqual([]);
  expect(new Set(kinds.map(({ name }) => name)).size).toBe(kinds.length);
});

it('the standby director is broken only where that shows as long as nothing fails', () => {
  const [pair] = many;
  const onStandby = pair?.faults.filter(({ hosts, family }) => hosts[0] === 'd2' && family !== 'harmless');
  expect(new Set(onStandby?.map(({ kind }) => kind))).toEqual(
    new Set(['vip-too', 'standby-drops-vrrp', 'conf-router-id', 'keepalived-ended-on-standby']),
  );
});
