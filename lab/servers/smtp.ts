import type { Socket } from 'node:net';

const replies: Record<string, string> = {
  HELO: '250 hello',
  EHLO: '250 hello',
  MAIL: '250 ok',
  RCPT: '250 ok',
  RSET: '250 ok',
  NOOP: '250 ok',
  DATA: '354 end with a dot',
  QUIT: '221 bye',
};

/** A mail server as far as a health check goes (RFC 5321): it takes every mail, and keeps none. */
export function greet(socket: Socket, banner: string): void {
  let pending = '';
  let inMail = false;
  socket.on('error', () => {});
  socket.write(`${banner}\r\n`);
  socket.on('data', (chunk: Buffer) => {
    pending += chunk.toString('latin1');
    const lines = pending.split(/\r?\n/);
    pending = lines.pop() ?? '';
    for (const line of lines) {
      if (inMail && line !== '.') continue;
      const verb = inMail ? 'NOOP' : line.slice(0, 4).toUpperCase();
      inMail = verb === 'DATA';
      socket.write(`${replies[verb] ?? '502 not here'}\r\n`);
      if (verb === 'QUIT') socket.end();
    }
  });
}
