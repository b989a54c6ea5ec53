import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../../model/events.ts';
import { aResult } from '../testing/result.ts';
import { type ProgressOptions, progressReporter } from './progress.ts';

let written = '';
/** Back to the first column, and the line empty. */
const wipe = '\r\u001b[2K';
const reporter = (over: Partial<ProgressOptions> = {}) => {
  written = '';
  const write = (text: string): void => {
    written += text;
  };
  return progressReporter({
    write,
    isTty: false,
    width: 80,
    color: false,
    quiet: false,
    json: false,
    ...over,
  });
};
const start: RunEvent = { type: 'check-start', case: 'run', id: 'ARP-01', title: 'one MAC' };
const end = (over: Parameters<typeof aResult>[1] = {}): RunEvent => ({
  type: 'check-end',
  case: 'run',
  result: aResult('ARP-01', { title: 'one MAC', ...over }),
});

describe('progress as plain lines', () => {
  it('has one line for a check that passed', () => {
    const progress = reporter();
    progress.onEvent(start);
    progress.onEvent(end());
    expect(written).toMatch(/^✓ ARP-01 {3}one MAC +1\.2 s\n$/);
  });

  it('shows at once what is wrong', () => {
    const remedy = [{ on: 'rs2', run: 'sysctl -w x=1' }];
    reporter().onEvent(end({ verdict: 'fail', seen: 'two', cause: 'rs2', remedy }));
    expect(written.split('\n').map((line) => line.trim().split(/ +/)[0])).toEqual([
      '✗',
      'requirement',
      'expected',
      'seen',
      'cause',
      'remedy',
      '',
    ]);
  });

  it('names the lab and the notes, and a fault with its hint', () => {
    const progress = reporter();
    progress.note('sandbox uml: has ip_vs');
    progress.onEvent({ type: 'lab-up', case: 'run', tookMs: 2300, configs: [], hosts: [] });
    progress.onEvent({ type: 'fault', message: 'no tcpdump', hint: 'apt install tcpdump', exit: 2 });
    expect(written).toBe(
      'sandbox uml: has ip_vs\nlab up in 2.3 s (run)\nno tcpdump\n  apt install tcpdump\n',
    );
  });

  it('says that a lab did not settle, even when quiet', () => {
    reporter({ quiet: true, width: 200 }).onEvent({ type: 'unsettled', case: 'run', lacks: 'd1: lacks a' });
    expect(written).toBe('! the lab of run did not settle (d1: lacks a), and was used all the same\n');
  });

  it('says only what is wrong when quiet', () => {
    const progress = reporter({ quiet: true });
    progress.note('sandbox uml');
    progress.onEvent(end());
    expect(written).toBe('');
    progress.onEvent(end({ verdict: 'broken', reason: 'why' }));
    expect(written).toContain('why');
  });

  it('writes nothing after close', () => {
    const progress = reporter();
    progress.close();
    progress.onEvent(end());
    expect(written).toBe('');
  });
});

describe('progress as JSON', () => {
  it('is the events, one a line', () => {
    const progress = reporter({ json: true });
    progress.onEvent(start);
    progress.onEvent(end());
    progress.note('n');
    const lines = written
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([start, end(), { type: 'note', text: 'n' }]);
  });
});

describe('the status line of a terminal', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('appears after two seconds, with the time that has passed, and is wiped for the result', () => {
    const progress = reporter({ isTty: true });
    progress.onEvent(start);
    vi.advanceTimersByTime(1900);
    expect(written).toBe('');
    vi.advanceTimersByTime(1200);
    expect(written).toContain(wipe);
    expect(written).toMatch(/\S ARP-01 one MAC {2}3 s$/);
    progress.onEvent({ type: 'progress', text: 'waiting for d2' });
    vi.advanceTimersByTime(1000);
    expect(written).toMatch(/waiting for d2 {2}4 s$/);
    progress.onEvent(end());
    expect(written).toMatch(/✓ ARP-01 .*\n$/);
    expect(written.split(wipe).at(-1)).toMatch(/^✓/);
  });

  it('leaves no timer behind', () => {
    const progress = reporter({ isTty: true });
    progress.onEvent(start);
    vi.advanceTimersByTime(5000);
    progress.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(written.endsWith(wipe)).toBe(true);
  });
});
