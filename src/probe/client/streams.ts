import { nowNs, usSince } from './clock.ts';
import { Connection } from './connection.ts';
import { parseEcho, udpSocket } from './datagrams.ts';
import { droppedHere } from './drops.ts';
import { failureOf } from './failure.ts';
import { pathsOf } from './service.ts';
import type { StreamLog } from './stream-log.ts';
import type { StreamPlan } from './types.ts';

/** Sends the probes of one stream on request; the results go into the log. */
export interface Sender {
  send(plannedMs: number): void;
  /** Answers that arrived at this host and that the prober was too slow to read. */
  drops?(): number;
  close(): void;
}

export function senderFor(plan: StreamPlan, log: StreamLog): Promise<Sender> {
  if (plan.kind === 'connect') return Promise.resolve(connectSender(plan, log));
  return plan.kind === 'established' ? establishedSender(plan, log) : udpSender(plan, log);
}

const sourceOf = ({ from = [] }: StreamPlan, i: number): { localAddress?: string } => {
  const localAddress = from[i % Math.max(from.length, 1)];
  return localAddress === undefined ? {} : { localAddress };
};

/** Every probe is a connection of its own, with one request. */
function connectSender(plan: StreamPlan, log: StreamLog): Sender {
  const open = new Set<Connection>();
  const nextPath = pathsOf(plan);
  let turn = 0;
  return {
    send(plannedMs) {
      const connection = new Connection(plan.target, sourceOf(plan, turn++));
      const seq = log.sent(plannedMs, () => connection.abort('timeout'));
      open.add(connection);
      void connection.opened.then(() => log.connected(seq));
      void connection.closed.then(() => open.delete(connection));
      connection.ask(
        nextPath(),
        ({ error, server }) => (error === undefined ? log.answered(seq, server) : log.failed(seq, error)),
        true,
      );
    },
    close() {
      for (const connection of open) connection.abort('closed');
    },
  };
}

/** Pause between attempts to reopen; until then probes fail with what ended the connection. */
const reopenAfterUs = 50_000;
const opensWithinMs = 2_000;

/** Heartbeats, in turn, on connections that are kept until they are reset or closed. */
async function establishedSender(plan: StreamPlan, log: StreamLog): Promise<Sender> {
  const { target, connections = 4 } = plan;
  const nextPath = pathsOf(plan);
  const slots = Array.from({ length: connections }, (_, i) => ({
    connection: new Connection(target, sourceOf(plan, i)),
    openedNs: nowNs(),
  }));
  let late: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    late = setTimeout(resolve, opensWithinMs);
  });
  await Promise.race([enough, Promise.all(slots.map(({ connection }) => connection.opened))]);
  clearTimeout(late);
  let turn = 0;
  return {
    send(plannedMs) {
      const place = turn++ % slots.length;
      const slot = slots[place];
      if (!slot) return;
      if (slot.connection.failure !== undefined && usSince(slot.openedNs) > reopenAfterUs) {
        slot.connection = new Connection(target, sourceOf(plan, place));
        slot.openedNs = nowNs();
      }
      const seq = log.sent(plannedMs);
      slot.connection.ask(nextPath(), ({ error, server }) =>
        error === undefined ? log.answered(seq, server) : log.failed(seq, error),
      );
    },
    close() {
      for (const { connection } of slots) connection.abort('closed');
    },
  };
}

/** Datagrams, in turn, from sockets that keep their ports: the flows stay the same. */
async function udpSender(plan: StreamPlan, log: StreamLog): Promise<Sender> {
  const sockets = await Promise.all(
    Array.from({ length: plan.connections ?? 1 }, (_, i) =>
      udpSocket(plan.target, sourceOf(plan, i).localAddress),
    ),
  );
  // An ICMP error does not say which datagram it is about; the one that waits longest is the likeliest.
  const failOldest = (error: Error) => {
    const seq = log.oldest();
    if (seq !== undefined) log.failed(seq, failureOf(error));
  };
  for (const socket of sockets) {
    socket.on('error', failOldest);
    socket.on('message', (message) => {
      const { server, payload } = parseEcho(message.toString('latin1'));
      log.answered(Number(payload), server);
    });
  }
  let turn = 0;
  return {
    send(plannedMs) {
      const socket = sockets[turn++ % sockets.length];
      const payload = `${log.sent(plannedMs)}`;
      // A send that fails reports the error of an earlier datagram and sends nothing, so it is sent again.
      socket?.send(payload, (error) => {
        if (!error) return;
        failOldest(error);
        socket.send(payload, (again) => again && log.failed(Number(payload), failureOf(again)));
      });
    },
    drops: () => droppedHere(new Set(sockets.map((socket) => socket.address().port))),
    close() {
      for (const socket of sockets) socket.close();
    },
  };
}
