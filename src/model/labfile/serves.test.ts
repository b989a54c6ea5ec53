import { describe, expect, it } from 'vitest';
import { portsServed } from '../serves.ts';
import { hostSpec } from '../spec.ts';
import { mistake } from './mistake.ts';
import { parseLab } from './read.ts';

const server = (text: string) => `realServers: [{ name: rs1, serves: ${text} }]`;
const serves = (text: string) => hostSpec(parseLab(server(text), 'lab.yaml'), 'rs1').server?.serves;

describe('what a real server serves', () => {
  it('has no key that nobody wrote', () =>
    expect(serves('{ https: [443], pages: [{ path: /health }] }')).toEqual({
      https: [443],
      pages: [{ path: '/health', status: 200 }],
    }));

  it('is carried by TCP, UDP or both', () =>
    expect(portsServed(serves('{ dns: [53], smtp: [25] }') ?? {})).toEqual([
      { spoken: 'smtp', carrier: 'tcp', port: 25 },
      { spoken: 'dns', carrier: 'udp', port: 53 },
      { spoken: 'dns', carrier: 'tcp', port: 53 },
    ]));
});

it.each([
  ['{ http: [80], https: [80] }', /port 80 of rs1 is http already; it cannot be https, too/],
  ['{ dns: [53], udp: [53] }', /port 53 of rs1 is dns already/],
  ['{ banner: hello }', /names no port; write one of http, https/],
  ['{ http: [80], pages: [{ path: / }] }', /drlab itself asks who answers/],
  ['{ http: [80], pages: [{ path: "/a?b" }] }', /a path that begins with \/ and has no query/],
  ['{ pop3: [110] }', /unknown key «pop3»/],
])('%s is a mistake', (text, says) => expect(mistake(server(text)).message).toMatch(says));
