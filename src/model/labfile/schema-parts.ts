import { z } from 'zod';
import { duration, percentage, type Quantity, rate } from './quantities.ts';

/** Kinds of values that several parts of a lab file share. Every error message ends «expected …». */

export const whole = (min: number, max: number) => {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

export const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, { error: `one of ${values.join(', ')}` });

export const flag = () => z.boolean({ error: 'true or false' });

/** A text with its unit; a bare 0 needs none. */
export const quantity = ({ pattern, expected }: Quantity) =>
  z.union(
    [z.literal(0, { error: expected }), z.string({ error: expected }).regex(pattern, { error: expected })],
    {
      error: expected,
    },
  );

const nameError =
  'a name of at most 63 letters, digits, dots, hyphens and underscores that begins with a letter or digit, such as rs1';
export const hostName = () =>
  z.string({ error: nameError }).regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, { error: nameError });

const addressError = 'an IPv4 address such as 198.18.0.7';
export const address = () => z.ipv4({ error: addressError });

const macError = 'a unicast MAC address such as 02:0e:00:00:00:07';
export const mac = () =>
  z
    .string({ error: macError })
    .regex(/^(?!00(:00){5}$)[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}$/, { error: macError });

/** A mapping whose keys are all known; anything else is an error that names the known ones. */
export const mapping = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.strictObject(shape, { error: 'a mapping' });

export const listOf = <T extends z.ZodType>(item: T, example: string) =>
  z.array(item, { error: `a list such as ${example}` });

const sysctlKeyError = 'a sysctl below net., such as net.ipv4.conf.all.arp_ignore';
const sysctlValueError = 'a number or one line of text';
export const sysctls = () =>
  z
    .record(
      z.string().regex(/^net(\.[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*)+$/, { error: sysctlKeyError }),
      z.union(
        [z.number(), z.string({ error: sysctlValueError }).regex(/^[^\n]*$/, { error: sysctlValueError })],
        {
          error: sysctlValueError,
        },
      ),
      { error: 'a mapping such as { net.ipv4.conf.all.arp_ignore: 1 }' },
    )
    .describe('Sysctls that override or extend the defaults; names as the sysctl command spells them.');

export const link = () =>
  mapping({
    delay: quantity(duration).optional().describe('Delay in each direction, such as 2ms.'),
    jitter: quantity(duration).optional().describe('Variation of the delay; needs delay.'),
    loss: quantity(percentage).optional().describe('Share of packets lost in each direction, such as 1%.'),
    rate: quantity(rate).optional().describe('Bandwidth in each direction, such as 100mbit; 0 is unlimited.'),
  }).describe('What the link of the host does to its packets.');
export type RawLink = z.output<ReturnType<typeof link>>;
