import { moreClientAddresses, oneIpvsDirector, services, stage } from '../common/stages.ts';

/** Ports of the services of the stage; each check that changes one has it to itself. */
export const ports = {
  web: 80,
  /** Its real servers are given another port by PP-10. */
  mapped: 8088,
  /** Where a director that could map ports would deliver. */
  mappedTo: 8080,
  counted: 8090,
  /** Differ in all that a dump of the rules must carry. */
  weighted: 8081,
  hashed: 8443,
  onePacket: 5353,
  isakmp: 500,
} as const;

/** One director with services of every kind, and a client with several addresses. */
export const variety = stage(
  'variety',
  'one director set with ipvsadm, services of many kinds; the client has three addresses',
  oneIpvsDirector,
  moreClientAddresses(2),
  services(
    { port: ports.web },
    { port: ports.mapped },
    { port: ports.mappedTo },
    { port: ports.counted },
    { port: ports.weighted, scheduler: 'wrr', weights: [1, 2, 3], persistenceS: 60 },
    {
      port: ports.hashed,
      scheduler: 'sh',
      schedulerFlags: ['sh-port'],
      persistenceS: 300,
      persistenceMask: '255.255.255.0',
    },
    { port: ports.onePacket, protocol: 'udp', onePacket: true },
    { port: ports.isakmp, protocol: 'udp' },
  ),
);
