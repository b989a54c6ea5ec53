import { expect, it } from 'vitest';
import { packageRoot } from '../../src/util/root.ts';
import { byLinks } from './uml-folders.ts';

const job = {
  argv: ['/bin/true'],
  env: {},
  cwd: '/',
  consolePath: '/dev/null',
  interactive: false,
  memoryMiB: 64,
};

it('reaches the folder of the job and drlab by links of fixed names', () => {
  expect(byLinks({ ...job, writableDirs: ['/my runs/1'] }, '/run')).toEqual({
    targets: ['/my runs/1', packageRoot],
    shares: [
      { source: '/run/links/1/', at: '/run/out', type: 'hostfs', options: '/run/links/1/' },
      { source: '/run/links/2/', at: '/run/package', type: 'hostfs', options: '/run/links/2/,ro' },
    ],
  });
});

it('makes no link for a job that writes nowhere', () => {
  expect(byLinks({ ...job, writableDirs: [] }, '/run')).toEqual({
    targets: [packageRoot],
    shares: [{ source: '/run/links/1/', at: '/run/package', type: 'hostfs', options: '/run/links/1/,ro' }],
  });
});
