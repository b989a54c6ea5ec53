/**
 * Inside a sandbox: machines to log in to, for as long as standard input is open, and a lab file for them.
 * `ground.js KIND [FOLDER [LINK]]` prints the file's path when they are there, and what was left on them at the end.
 * The file and the keys that it names are in FOLDER. LINK is an interface that leads out of this kernel, over which
 * the machines are reached then.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { takeOverOf } from '../../../src/model/director-kinds.ts';
import type { DirectorKind } from '../../../src/model/spec.ts';
import { labText } from './lab-text.ts';
import { Rig, rigDir, sh } from './rig.ts';
import { behindLink, nearBy, routeThrough } from './roads.ts';

const [kindText = 'nftables', folder = rigDir, link] = process.argv.slice(2);
const kind = kindText as DirectorKind;
const directors = takeOverOf(kind) ? 2 : 1;
const road = link === undefined ? nearBy : behindLink;
await using rig = await Rig.start({ director: { kind }, realServers: 3, directors }, road.machines);
if (link !== undefined) routeThrough(link, rig.spec);
if (folder !== rigDir) {
  copyFileSync(`${rigDir}/known_hosts`, `${folder}/known_hosts`);
  // Not by copying: where it is another file system, whoever logs in insists on these rights.
  sh(`install -m 600 ${rigDir}/user ${folder}/user`);
}
const file = `${folder}/lab.yaml`;
writeFileSync(file, labText(rig.spec, kind, folder));
const before = rig.snapshot();
process.stdout.write(`${file}\n`);
await new Promise((resolve) => process.stdin.on('close', resolve).resume());
const after = rig.snapshot();
const unlike = Object.keys(before).filter((name) => before[name] !== after[name]);
for (const name of unlike) {
  const [was, is] = [before, after].map((all) => (all[name] ?? '').split('\n'));
  const gone = was?.filter((line) => !is?.includes(line)).map((line) => `- ${line}`) ?? [];
  const come = is?.filter((line) => !was?.includes(line)).map((line) => `+ ${line}`) ?? [];
  process.stderr.write(`${name}:\n${[...gone, ...come].slice(0, 20).join('\n')}\n`);
}
process.stdout.write(`${JSON.stringify({ unlike })}\n`);
