const names: Record<string, string> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRINUSE: 'local-port',
  EADDRNOTAVAIL: 'local-port',
};

/** The words of `Answer.error` for what the socket said. */
export function failureOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  return names[code] ?? code.toLowerCase();
}
