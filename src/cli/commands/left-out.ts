import type { LeftOut } from '../../report/index.ts';

/** What a complete list of LVS-DR checks has and drlab does not, with the reason. */
export const leftOut: LeftOut[] = [
  {
    id: 'OPS-02',
    what: 'a lab that is taken down leaves nothing',
    why: 'a property of drlab and not of a lab: its own tests look for whatever a run could leave',
  },
  {
    id: 'OPS-03',
    what: 'every check proves that it can fail',
    why: 'that is what the command «drlab mutants» does for all of them, and what its report shows',
  },
  {
    id: 'PERF-03',
    what: 'neither generator nor sink is saturated',
    why: 'every measurement judges its instrument first and is inconclusive where that was not healthy',
  },
];
