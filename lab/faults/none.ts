import type { Faults } from '../../src/model/lab.ts';

const refused = (): Promise<never> =>
  Promise.reject(new Error('this lab is read-only: nothing is broken in it'));

/** For a lab that is only looked at; `lacks` says so before anybody asks. */
export const noFaults: Faults = {
  cutLink: refused,
  restoreLink: refused,
  killService: refused,
  restartService: refused,
  signalDirector: refused,
  startDirector: refused,
  start: refused,
};
