/** What is set on a host and stays set, one thing each: the common form of what was found and of what was meant. */

export type FactKind =
  | 'link'
  | 'address'
  | 'connected'
  | 'route'
  | 'rule'
  | 'neighbour'
  | 'queue'
  | 'filter'
  | 'table'
  | 'service'
  | 'destination'
  | 'timeouts'
  | 'sync'
  | 'daemon'
  | 'sysctl';

export interface Fact {
  kind: FactKind;
  /** Unique within its kind, in the words of the command that sets it: `198.18.0.100/32 dev lo`, `-t 198.18.0.100:80`. */
  key: string;
  /** The rest of that command; empty where there is no more to say. */
  value: string;
}
