import { expect, it } from 'vitest';
import { type GuestMachine, kernelCommandLine, qemuArguments } from './arguments.ts';
import { exportsOf, mountOf } from './shares.ts';

const machine: GuestMachine = {
  accelerator: 'tcg',
  cpus: 2,
  memoryMiB: 2048,
  image: '/k/vmlinuz',
  initrd: '/proc/self/fd/5',
  init: '/run/guest/init',
  stdin: 'none',
};
const shares = exportsOf('/run/guest', ['/out', '/my runs, old']);
const text = (changes: Partial<GuestMachine> = {}) =>
  qemuArguments({ ...machine, ...changes }, shares).join(' ');

it('gives the guest no network and the machine outside read-only', () => {
  expect(text()).toContain('-nic none');
  expect(text()).toMatch(/id=host,path=\/,security_model=none,readonly=on,multidevs=remap/);
});

it('exports each writable folder, commas and all, and mounts it at its own path', () => {
  expect(text()).toContain('local,id=share2,path=/my runs,, old,security_model=none');
  expect(shares.map(mountOf).map(({ source, at }) => [source, at])).toEqual([
    ['share0', '/run/guest'],
    ['share1', '/out'],
    ['share2', '/my runs, old'],
  ]);
});

it('emulates unless KVM works', () => {
  expect(text()).toContain('-accel tcg,thread=multi -cpu max');
  expect(text({ accelerator: 'kvm' })).toContain('-accel kvm -cpu host');
});

it('keeps kernel messages off a terminal', () => {
  expect(text()).toContain('-chardev stdio,id=console,signal=off -serial chardev:console');
  expect(text({ stdin: 'terminal' })).toMatch(
    /file,id=console,path=\/dev\/fdset\/1,append=on .* stdio,id=line/,
  );
});

it('ends the guest at a panic', () => {
  expect(kernelCommandLine(machine)).toMatch(/\bpanic=-1\b.*drlab_init=\/run\/guest\/init$/);
  expect(text()).toContain('-no-reboot');
});
