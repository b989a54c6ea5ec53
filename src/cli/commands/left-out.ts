import type { LeftOut } from '../../report/index.ts';

/** What a complete list of LVS-DR checks has and drlab does not, with the reason. */
export const leftOut: LeftOut[] = [
  {
    id: 'OPS-02',
    what: 'a lab that is taken down leaves nothing behind',
    why: 'a property of drlab, not of a lab: its own tests look for anything a run could leave behind',
  },
  {
    id: 'OPS-03',
    what: 'every check proves that it can fail',
    why: 'the command «drlab mutants» shows that for all of them, in its report',
  },
  {
    id: 'PERF-03',
    what: 'neither generator nor sink is saturated',
    why: 'every measurement judges its instrument first and is inconclusive if that was not fit',
  },
];
