import { describe, expect, it } from 'vitest';
import { parseWrk } from './wrk.ts';

const said = `wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012 Will Glozer
Running 2s test @ http://198.18.1.1:80/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   418.36us    1.28ms  39.83ms   98.52%
    Req/Sec    50.07k     6.18k   57.74k    75.00%
  99644 requests in 2.00s, 15.11MB read
`;

describe('parseWrk', () => {
  it('takes the counts', () =>
    expect(parseWrk(`${said}Requests/sec:  49821.50\nTransfer/sec:      7.55MB\n`)).toEqual({
      version: 'wrk debian/4.1.0-3+b2',
      requests: 99_644,
      requestsPerS: 49_821.5,
      errors: 0,
    }));

  it('counts every kind of error', () => {
    const errors = '  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 5\n';
    expect(parseWrk(`${said}${errors}Requests/sec: 1.00\n`).errors).toBe(15);
  });

  it('gives no figure without a result', () =>
    expect(() => parseWrk('sh: 1: wrk: not found')).toThrow('wrk: sh: 1: wrk: not found'));
});
