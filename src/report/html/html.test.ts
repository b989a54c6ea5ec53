import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../model/record.ts';
import { aLab } from '../testing/lab.ts';
import { aRecord, someMutants } from '../testing/record.ts';
import { aResult } from '../testing/result.ts';
import { relativeLink } from './check-body.ts';
import { html } from './index.ts';

const source = html(aRecord({ mutants: someMutants() }));

describe('the HTML report', () => {
  it('shows its parts in the order in which they are needed', () => {
    const ids = [...source.matchAll(/<section id="([a-z]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['lab', 'checks', 'mutants', 'configurations', 'hosts', 'environment', 'reproduce']);
    expect(source.indexOf('class="banner')).toBeLessThan(source.indexOf('<section'));
  });

  it('has the set-up first, and apart from it what was judged in labs of its own', () => {
    const heading = 'This kernel and these daemons, in labs of drlab’s own';
    expect(source).not.toContain(heading);
    const stage = { id: 'sync', title: 'two directors' };
    const results = [{ ...aResult('SYN-01', {}), stage }, aResult('VIP-01', {})];
    const parted = html(aRecord({ results }));
    const at = ['>Your set-up', 'id="VIP-01"', `>${heading}`, 'id="SYN-01"'].map((part) =>
      parted.indexOf(part),
    );
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(at).not.toContain(-1);
  });

  it('opens what failed or broke, and nothing else', () => {
    const open = [...source.matchAll(/<details class="check" id="([^"]+)"[^>]* open>/g)].map(([, id]) => id);
    expect(open).toEqual(['ARP-01', 'ARP-12']);
  });

  it('labels every chart and table of figures', () => {
    const label = 'uml · real time · 1 CPU · veth, offloads on';
    for (const [caption] of source.matchAll(/<(?:figcaption>|h4 class="cap").*?<\/(?:figcaption|h4)>/g)) {
      expect(caption).toContain(label);
    }
    expect(source.match(/<figcaption>/g)).toHaveLength(4);
  });

  it('loads nothing', () => {
    expect(source).toContain('default-src &#39;none&#39;');
    expect(source).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(source).not.toMatch(/@import|url\(/);
  });

  it('draws up to eight real servers one by one, and more as one', () => {
    const draw = (realServers: number): string => {
      const spec = aLab({ realServers });
      return html(aRecord({ lab: { file: 'x.yaml', text: '', spec }, hosts: [], results: [] }));
    };
    expect(draw(8)).toContain('>rs5</text>');
    expect(draw(100)).toContain('>rs1…rs100</text>');
    expect(draw(100)).not.toContain('>rs5</text>');
  });

  it('draws a lab without real servers, directors or services', () => {
    const spec = { ...aLab(), hosts: [], services: [] };
    expect(html(aRecord({ lab: { file: '', text: '', spec } }))).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('shows the problems of the run in the banner and at the end', () => {
    const faulty = html(aRecord({ faults: [{ message: 'the guest hung', hint: 'Look at console.log.' }] }));
    expect(faulty.match(/the guest hung/g)).toHaveLength(2);
    expect(faulty).toContain('Look at console.log.');
  });
});

describe('text from hosts', () => {
  const nasty = '"><script>alert(1)</script><img src=x onerror=alert(2)>\'`';

  /** Puts the text wherever a record holds text that a host, a user or a file can choose. */
  function poisoned<T>(value: T): T {
    if (typeof value === 'string') return nasty as T;
    if (Array.isArray(value)) return value.map(poisoned) as T;
    if (typeof value !== 'object' || value === null) return value;
    const pairs = Object.entries(value).map(([key, inner]) => [
      key,
      fixed.has(key) ? inner : poisoned(inner),
    ]);
    return Object.fromEntries(pairs) as T;
  }
  const fixed = new Set([
    'version',
    'command',
    'suite',
    'level',
    'verdict',
    'kind',
    'role',
    'outcome',
    'forward',
  ]);
  fixed.add('sandbox').add('time').add('segment').add('vipDevice').add('protocol').add('startedAt');

  it('never becomes markup, wherever it stands', () => {
    const record = poisoned(aRecord({ mutants: someMutants(), faults: [{ message: 'm', hint: 'h' }] }));
    const page = html(record);
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img');
    expect(page.match(/<script>/g)).toHaveLength(1);
  });

  it('loses control characters', () => {
    const seen = 'red \u001b[31m bidi \u202e end';
    const results: CheckResult[] = [aResult('A', { verdict: 'fail', seen })];
    const page = html(aRecord({ results }));
    expect(page).not.toContain('\u001b');
    expect(page).not.toContain('\u202e');
  });
});

describe('links to evidence', () => {
  it('lead only into the folder of the run', () => {
    expect(relativeLink('evidence/ARP-01/a b#1.pcap')).toBe('./evidence/ARP-01/a%20b%231.pcap');
    expect(relativeLink('javascript:alert(1)')).toBe('./javascript%3Aalert(1)');
    for (const bad of ['/etc/passwd', '../x', 'a/../../x', '', 'a\\b'])
      expect(relativeLink(bad)).toBeUndefined();
  });
});
