import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { LabFileError, UsageError } from '../../util/errors.ts';
import { findMatrix, matrixFileJsonSchema, parseMatrixFile, parsePlaces, readMatrixFile } from './index.ts';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

describe('a place on a command line', () => {
  it('is driver, sandbox, kernel and director', () => {
    expect(parsePlaces(['netns/uml/ipvsadm', 'docker/qemu:6.1/keepalived'])).toEqual([
      { name: 'netns/uml/ipvsadm', driver: 'netns', sandbox: 'uml', director: 'ipvsadm' },
      {
        name: 'docker/qemu:6.1/keepalived',
        driver: 'docker',
        sandbox: 'qemu',
        kernel: '6.1',
        director: 'keepalived',
      },
    ]);
  });

  it('may have the path of a kernel', () => {
    const image = fromRoot('package.json');
    expect(parsePlaces([`netns/qemu:${image}/keepalived`])[0]).toMatchObject({ kernel: image });
  });

  it.each([
    [['netns'], /«netns» is not a place; expected driver\/sandbox/],
    [['netns/uml'], /is not a place/],
    [['netsn/uml/ipvsadm'], /«netsn», which is not a driver.*Did you mean «netns»/],
    [['netns/vbox/ipvsadm'], /«vbox», which is not a sandbox; expected one of auto, none, host, uml, qemu/],
    [['netns/uml/'], /has no director/],
    [['netns/uml:6.1/ipvsadm'], /uml has no kernels to choose from; qemu has, as in qemu:6\.1/],
    [['netns/qemu:/ipvsadm'], /a kernel is named after/],
    [['netns/qemu:moon/ipvsadm'], /«moon» is not a kernel; expected a release such as 6\.12/],
    [['netns/qemu:/nowhere/bzImage/ipvsadm'], /there is no file \/nowhere\/bzImage; expected a release/],
    [['netns/uml/ipvsadm', 'netns/uml/ipvsadm'], /given twice/],
  ])('%j is refused', (texts, says) => {
    expect(() => parsePlaces(texts)).toThrow(UsageError);
    expect(() => parsePlaces(texts)).toThrow(says);
  });
});

describe('a matrix file', () => {
  it('has the lab default and all checks, unless it says otherwise', () => {
    expect(parseMatrixFile('places: [netns/uml/ipvsadm]', 'm.yaml')).toMatchObject({
      lab: 'default',
      checks: [],
      places: [{ name: 'netns/uml/ipvsadm' }],
    });
  });

  it('finds labs beside itself, and names places after what they say', () => {
    const text = [
      'lab: sub/web.yaml',
      'checks: [arp]',
      'places:',
      "  - { driver: netns, sandbox: qemu, kernel: '6.10', director: keepalived }",
      '  - { lab: machines.yaml }',
      '  - { name: all real, lab: /labs/real.yaml, director: nftables }',
      '  - { sandbox: uml, lab: routed }',
    ].join('\n');
    const { lab, checks, places } = parseMatrixFile(text, '/etc/lab/m.yaml');
    expect({ lab, checks }).toEqual({ lab: '/etc/lab/sub/web.yaml', checks: ['arp'] });
    expect(places.map((place) => [place.name, place.lab])).toEqual([
      ['netns/qemu:6.10/keepalived', undefined],
      ['machines', '/etc/lab/machines.yaml'],
      ['all real', '/labs/real.yaml'],
      ['uml/routed', 'routed'],
    ]);
  });

  it.each([
    ['empty', '', '1:1', /the shortest matrix is/],
    ['a list', '- netns/uml/ipvsadm', '1:1', /the matrix file is a list; expected a mapping/],
    ['without places', 'lab: default', '1:1', /«places» is missing/],
    ['no place', 'places: []', '1:9', /at least one place/],
    ['an unknown key', 'places: [netns/uml/ipvsadm]\ncheks: [arp]', '2:1', /«cheks».*«checks»/],
    [
      'an unknown key of a place',
      'places:\n  - { sandbx: uml }',
      '2:7',
      /«sandbx» in item 1 of «places».*«sandbox»/,
    ],
    [
      'a bad place',
      'places:\n  - netns/uml/ipvsadm\n  - netns/moon/ipvsadm',
      '3:5',
      /«moon», which is not a sandbox/,
    ],
    ['a bad driver', 'places:\n  - { driver: dokcer }', '2:15', /Did you mean «docker»/],
    [
      'a kernel as a number',
      'places:\n  - { sandbox: qemu, kernel: 6.10 }',
      '2:30',
      /in quotes, such as '6\.12'/,
    ],
    ['a kernel of uml', "places:\n  - { sandbox: uml, kernel: '6.1' }", '2:29', /uml has no kernels/],
    ['twins', 'places: [netns/uml/ipvsadm, netns/uml/ipvsadm]', '1:29', /is already item 1/],
  ])('%s is refused, with line and column', (_, text, at, says) => {
    const parse = () => parseMatrixFile(text, 'm.yaml');
    expect(parse).toThrow(LabFileError);
    expect(parse).toThrow(says);
    expect(parse).toThrow(`m.yaml:${at}:`);
  });

  it('has its kernels beside itself, too', () => {
    const file = fromRoot('docs/m.yaml');
    const mapping = '{ sandbox: qemu, kernel: ../package.json, name: mine }';
    const { places } = parseMatrixFile(
      `places: [${mapping}, netns/qemu:./matrix.md/ipvsadm, netns/qemu:6.12/ipvsadm]`,
      file,
    );
    const kernels = [fromRoot('package.json'), fromRoot('docs/matrix.md'), '6.12'];
    expect(places.map(({ kernel }) => kernel)).toEqual(kernels);
    expect(places[1]?.name).toBe('netns/qemu:./matrix.md/ipvsadm');
  });

  it('that is not there is named', async () => {
    await expect(readMatrixFile('/nowhere/m.yaml')).rejects.toThrow('there is no file /nowhere/m.yaml');
    await expect(findMatrix('defualt')).rejects.toThrow('Did you mean «default»');
  });
});

test('the ready-made matrix is one', async () => {
  const { places } = await readMatrixFile(await findMatrix('default'));
  expect(places.map(({ name }) => name)).toEqual([
    'netns/uml/keepalived',
    'netns/host/nftables',
    'docker/host/nftables',
    'netns/qemu:6.1/keepalived',
    'netns/qemu:6.12/keepalived',
  ]);
});

test('the published schema is this one (vitest -u writes it)', async () => {
  const text = `${JSON.stringify(matrixFileJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(fromRoot('docs/matrix-file.schema.json'));
});

test('the examples of the reference are matrix files', () => {
  const doc = readFileSync(fromRoot('docs/matrix.md'), 'utf8');
  const examples = [...doc.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  expect(examples.map((text) => parseMatrixFile(text, 'example.yaml').places.length)).toEqual([4]);
});
