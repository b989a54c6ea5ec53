import { z } from 'zod';
import { andList } from '../../util/words.ts';
import { starterNames } from '../starters.ts';
import { listOf } from './schema-parts.ts';

/** Files of a host's own, as a lab file may write them. */

const folderError = 'a folder such as shop/lb1, from that of the lab file';
const stepError = 'a word such as keepalived, or a line of shell';

export const fileKeys = () => ({
  files: z
    .string({ error: folderError })
    .min(1, { error: folderError })
    .optional()
    .describe(
      'A folder, from that of the lab file, that lies over the root of the host: etc/keepalived/keepalived.conf in it is /etc/keepalived/keepalived.conf there.',
    ),
  start: listOf(
    z.string({ error: stepError }).regex(/\S/, { error: stepError }),
    '[sysctl, keepalived, "/usr/local/sbin/vip up"]',
  )
    .optional()
    .describe(
      `What is started on the files, in this order: ${andList(starterNames)}, or lines of shell. Default: what the files call for, in the order of a boot.`,
    ),
});
