import { expect, it } from 'vitest';
import { familiesFor, familiesOf, notItsFamily, onlyOfFamilies } from './family.ts';
import { parseLab } from './labfile/index.ts';
import { vipsOf, vrrpInstancesOf } from './spec.ts';

const six = 'fd64:726c:6162::100';
const lab = (vips: string[], directors = '{ count: 1, with: ipvsadm }') =>
  parseLab(
    `network: { subnet6: "fd64:726c:6162::/64" }
directors: ${directors}
services: [${vips.map((vip) => `{ vip: "${vip}" }`).join(', ')}]`,
    'lab.yaml',
  );

it('says why a check of IPv4 says nothing of a lab with IPv6 services alone', () => {
  expect(notItsFamily(lab([six]), familiesFor({}))).toBe(
    'it judges services of IPv4, and those of this lab are of IPv6',
  );
  expect(notItsFamily(lab([six]), [4, 6])).toBeUndefined();
  expect(notItsFamily(lab(['198.18.0.100', six]), [4])).toBeUndefined();
});

it('shows a check the services of its families', () => {
  const both = lab(['198.18.0.100', six]);
  expect(familiesOf(both)).toEqual([4, 6]);
  expect(vipsOf(onlyOfFamilies(both, [6]))).toEqual([six]);
  expect(vipsOf(onlyOfFamilies(both, [4]))).toEqual(['198.18.0.100']);
  expect(onlyOfFamilies(both, [4, 6])).toBe(both);
});

it('leaves out virtual routers that move nothing of the family', () => {
  const both = lab(
    ['198.18.0.100', six],
    `{ count: 2, with: keepalived, vrrp: { version: 3, instances: [{ name: four, vips: [198.18.0.100] }, { name: six, vips: ["${six}"] }] } }`,
  );
  expect(vrrpInstancesOf(onlyOfFamilies(both, [6])).map(({ name }) => name)).toEqual(['six']);
});
