import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type Known, parseMatrixFile, readMatrixFile } from './index.ts';

const known: Known = {
  suites: ['arp', 'path'],
  checks: ['ARP-01', 'ARP-02', 'PP-01'],
  labs: ['default', 'minimal'],
};
const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const places = 'places: [netns/uml/ipvsadm]';

it.each([
  ['a check', `checks: [arp, ARP-1]\n${places}`, '1:15', 'no check or suite begins with «ARP-1»; expected'],
  ['a suite', `${places}\nchecks:\n  - pth`, '3:5', 'expected a suite (arp, path), or an ID'],
  ['a suite, nearly', `${places}\nchecks: [pth]`, '2:10', 'Did you mean «path»?'],
  ['a lab', `lab: minimla\n${places}`, '1:6', 'is called «minimla»; expected the path of a lab file'],
  ['a lab, nearly', `lab: minimla\n${places}`, '1:6', 'Did you mean «minimal»?'],
  ['a lab file', `lab: ./rack.yaml\n${places}`, '1:6', 'there is no file docs/rack.yaml; expected'],
  ['the lab of a place', 'places:\n  - { lab: rack }', '2:12', 'no ready-made lab is called «rack»'],
  ['a kernel', 'places: [netns/qemu:sid/ipvsadm]', '1:10', '«sid» is not a kernel; expected a release'],
  [
    'the kernel of a mapping',
    'places:\n  - { sandbox: qemu, kernel: ./bzImage }',
    '2:30',
    'there is no file docs/bzImage; expected a release such as 6.12, or the path of a bzImage.',
  ],
])('%s that there is not is reported where it stands', (_, text, at, says) => {
  const parse = () => parseMatrixFile(text, 'docs/m.yaml', known);
  expect(parse).toThrow(`docs/m.yaml:${at}: `);
  expect(parse).toThrow(says);
});

it('everything unknown is reported at once', () => {
  const text = 'lab: rack\nchecks: [moon]\nplaces:\n  - netns/moon/ipvsadm\n  - { lab: other }';
  const parse = () => parseMatrixFile(text, 'm.yaml', known);
  expect(parse).toThrow(/m\.yaml:1:6.*\n.*m\.yaml:2:10.*\n.*m\.yaml:4:5/);
});

it('suites, IDs, their beginnings, ready-made labs and lab files are known', async () => {
  const own = '[{ lab: minimal }, { name: beside, lab: ./minimal.yaml }]';
  const text = `lab: ./routed.yaml\nchecks: [ARP, path, arp-0, PP-01]\nplaces: ${own}`;
  const { places, checks } = parseMatrixFile(text, fromRoot('lab/topologies/m.yaml'), known);
  expect({ places: places.length, checks: checks.length }).toEqual({ places: 2, checks: 4 });
  const readyMade = await readMatrixFile(fromRoot('lab/matrices/default.yaml'), known);
  expect(readyMade.lab).toBe('default');
});
