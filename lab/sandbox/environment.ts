/** What every program inside finds in its environment, whoever started the outer process. */
export function minimalEnvironment(added: Record<string, string>): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/run/tmp',
    LANG: 'C.UTF-8',
    TERM: process.env.TERM ?? 'dumb',
    ...added,
  };
}
