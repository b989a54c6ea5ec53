/** What is to hold over a schedule of faults, as sentences. */
export const invariants = {
  'one owner': 'each VIP has one owner while nothing is wrong, and after settling',
  'right answers': 'no request is answered by a real server that is dead or removed, or wrongly',
  'healed in time': 'new connections fail only for as long as the formulas of the configuration allow',
  'connections survive': 'established connections survive where synchronisation promises it',
  'neighbours follow': 'neighbour entries of clients and routers point to the owner after settling',
  'tables alike': 'both directors have the same rules after settling',
} as const;
export type InvariantId = keyof typeof invariants;
