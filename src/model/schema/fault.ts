import { z } from 'zod';

/**
 * What can break in a lab, as plain data: schedules list it, print it, shrink it and replay it. Nothing in it is
 * left to chance, so the same fault at the same moment of the same lab does the same again.
 */

const host = z.string();

export const requestersSchema = z
  .enum(['everyone', 'directors'])
  .describe(
    'whose requests a real server treats badly: all of them, or only those of the directors: their health checks',
  );

export const faultSpecSchema = z.discriminatedUnion('kind', [
  z
    .object({ kind: z.literal('daemon'), host, signal: z.enum(['TERM', 'KILL', 'STOP']) })
    .describe("the director's daemon is sent the signal; fixed by CONT, or by starting it again"),
  z
    .object({
      kind: z.literal('powerOff'),
      host,
      back: z
        .enum(['thawed', 'rebooted'])
        .describe(
          'thawed: all processes are as they were, as in a virtual machine that was paused; rebooted: the host starts with an empty kernel and is configured again',
        ),
    })
    .describe('link down, and every process stands still'),
  z
    .object({ kind: z.literal('portDown'), host })
    .describe('the switch port of the host is down; its processes go on'),
  z
    .object({ kind: z.literal('flap'), host, periodMs: z.number(), count: z.number() })
    .describe('the switch port goes down and up count times, half of each period long'),
  z
    .object({
      kind: z.literal('loss'),
      host,
      direction: z.enum(['fromHost', 'toHost']),
      percent: z.number().describe('of each hundred frames so many, evenly'),
    })
    .describe('the switch loses what the host sends, or what is sent to it'),
  z
    .object({ kind: z.literal('partition'), sides: z.tuple([z.array(host), z.array(host)]) })
    .describe('the hosts of either side do not hear those of the other; everybody else hears both'),
  z
    .object({ kind: z.literal('announcementsLost'), host })
    .describe('gratuitous ARP of the host for any VIP is lost'),
  z.object({
    kind: z.literal('slowAnswers'),
    host,
    delayMs: z.number(),
    requesters: requestersSchema,
  }),
  z.object({ kind: z.literal('errorAnswers'), host, status: z.number(), requesters: requestersSchema }),
  z
    .object({ kind: z.literal('hang'), host, requesters: requestersSchema })
    .describe('connections are accepted and never answered, nor read'),
  z.object({ kind: z.literal('serviceDead'), host }).describe('listeners closed, connections reset'),
  z
    .object({ kind: z.literal('tableFull'), host, entries: z.number() })
    .describe(
      'so many half-open connections in the table of IPVS, and no room for more: a packet that would need a new entry is dropped',
    ),
  z
    .object({ kind: z.literal('clockStep'), stepMs: z.number() })
    .describe('the wall clock of all hosts jumps'),
  z
    .object({ kind: z.literal('rogueRouter'), priority: z.number() })
    .describe(
      'one more machine on the segment speaks VRRP for the same virtual router, and forwards nothing',
    ),
]);
