import { expect, it } from 'vitest';
import { LabUnavailable } from '../../src/util/errors.ts';
import { loadOrder, moduleName, parseModules } from './modules.ts';

/** Lines of a Debian 6.1 kernel, and one of 6.12. */
const dep = `kernel/drivers/virtio/virtio.ko:
kernel/drivers/virtio/virtio_ring.ko: kernel/drivers/virtio/virtio.ko
kernel/drivers/virtio/virtio_pci.ko: kernel/drivers/virtio/virtio_pci_legacy_dev.ko kernel/drivers/virtio/virtio_pci_modern_dev.ko kernel/drivers/virtio/virtio_ring.ko kernel/drivers/virtio/virtio.ko
kernel/net/9p/9pnet.ko.xz:
kernel/net/9p/9pnet_virtio.ko.xz: kernel/net/9p/9pnet.ko.xz kernel/drivers/virtio/virtio_ring.ko kernel/drivers/virtio/virtio.ko
`;
const table = parseModules(dep, 'kernel/fs/overlayfs/overlay.ko\nkernel/lib/crc-ccitt.ko\n');

it('loads what a module needs before it, each once', () => {
  expect(loadOrder(table, ['virtio_pci', '9pnet_virtio']).map(moduleName)).toEqual([
    'virtio',
    'virtio_ring',
    'virtio_pci_modern_dev',
    'virtio_pci_legacy_dev',
    'virtio_pci',
    '9pnet',
    '9pnet_virtio',
  ]);
});

it('leaves out what is built in, however its name is spelt', () => {
  expect(loadOrder(table, ['overlay', 'crc_ccitt', 'crc-ccitt'])).toEqual([]);
});

it('names a module that is not there', () => {
  expect(() => loadOrder(table, ['ip_vs'])).toThrow(LabUnavailable);
  expect(() => loadOrder(table, ['ip_vs'])).toThrow(/no module ip_vs/);
});
