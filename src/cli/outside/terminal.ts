/** Where people read: standard error for progress would hide it from pipes, so all of it goes to standard output. */
export function terminal() {
  const { stdout } = process;
  const isTty = stdout.isTTY === true;
  return {
    write: (text: string): void => void stdout.write(text),
    isTty,
    width: stdout.columns ?? 100,
    color: isTty && process.env.NO_COLOR === undefined,
  };
}
