import { filesSay } from '../../src/model/files.ts';
import { type HostSpec, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { type Director, directorOf } from '../directors/index.ts';
import { startStaying } from './start.ts';
import { logOf, staying } from './steps.ts';

/** A director that its own files set up; what it holds in the end, the lab file says. */
const onFiles = (kind: Director, { files }: HostSpec): Director => ({
  ...kind,
  logs: files ? staying(files).map(logOf) : [],
  configs: () => [],
  apply: (_, director, host) => startStaying(director, host),
  // Which of several has the VIPs is the files' affair.
  holds: (spec, director) => ({ ...kind.holds(spec, director), vips: [], mayHold: vipsOf(spec) }),
});

/** That of a host. @throws as `directorOf` does. */
export const directorOn = (spec: LabSpec, host: HostSpec): Director =>
  filesSay(host, 'directing') ? onFiles(directorOf(spec), host) : directorOf(spec);
