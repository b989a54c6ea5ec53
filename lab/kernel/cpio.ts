/** A file or folder for an archive. */
export interface CpioEntry {
  /** Without a leading slash; folders come before what lies in them. */
  path: string;
  kind: 'file' | 'folder';
  /** Permission bits. */
  mode: number;
  content?: Buffer;
}

const kinds = { file: 0o100000, folder: 0o040000 };

/**
 * An archive in the «newc» form of cpio, as the kernel unpacks it for its first root.
 * Source: Documentation/driver-api/early-userspace/buffer-format.rst.
 */
export function cpio(entries: readonly CpioEntry[]): Buffer {
  const parts = entries.flatMap((entry, index) => record(entry, index + 1));
  return Buffer.concat([...parts, ...record({ path: 'TRAILER!!!', kind: 'file', mode: 0 }, 0)]);
}

function record({ path, kind, mode, content = Buffer.alloc(0) }: CpioEntry, inode: number): Buffer[] {
  const name = Buffer.from(`${path}\0`);
  const trailer = inode === 0;
  const links = kind === 'folder' ? 2 : 1;
  // inode, mode, uid, gid, links, mtime, size, device of the file (2), device that it names (2), name, checksum
  const fields = [inode, trailer ? 0 : kinds[kind] | mode, 0, 0, links, 0, content.length, 0, 0, 0, 0];
  const header = ['070701', ...[...fields, name.length, 0].map(hex)].join('');
  return [aligned(Buffer.concat([Buffer.from(header), name])), aligned(content)];
}

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0');

/** Headers and contents start at multiples of four. */
const aligned = (data: Buffer): Buffer =>
  data.length % 4 === 0 ? data : Buffer.concat([data, Buffer.alloc(4 - (data.length % 4))]);
