import type { Observing } from '../../../src/model/check.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { clientOf } from '../../common/subjects.ts';
import { pause } from '../outage/load.ts';
import { directorsOf, ports } from '../sync/stage.ts';
import { portsOn } from '../sync/waiting.ts';

/*
 *   client ──idle─────┐                 d1: entry, 900 s from the last packet
 *   client ──talking──┴──▶ VIP          d2: entry, 900 s from the last sync message
 *            asks every 5 min
 */

/** When an entry was first seen and when it was gone, since the connections were opened; null: never. */
export interface Life {
  firstS: number | null;
  goneS: number | null;
}

export interface Aged {
  /** By director: what became of the entry of the connection that was silent, and of the one that was not. */
  idle: Record<string, Life>;
  talking: Record<string, Life>;
  /** Null: answered. */
  talkingErrors: (string | null)[];
  idleError: string | null;
  lastedS: number;
  /** Of the active director. */
  refreshPeriod: string;
  threshold: string;
}

export const keepAliveS = 300;
const noteS = 1_800;

/**
 * Two connections, looked for on both directors for so long.
 * @param everyS between two looks
 * @param whileKept ends once a director has forgotten the one that talks
 */
export async function aged(
  { lab, note }: Observing,
  { lastS, everyS, whileKept = false }: { lastS: number; everyS: number; whileKept?: boolean },
): Promise<Aged> {
  const { vip, active, standby } = directorsOf(lab.spec);
  const target = { ip: vip, port: ports.plain };
  const prober = await proberOn(lab, clientOf(lab.spec).name);
  const idle = await prober.hold(target, { count: 1 });
  const talking = await prober.hold(target, { count: 1 });
  const startMs = performance.now();
  const nowS = (): number => (performance.now() - startMs) / 1000;
  const lives = { idle: livesOf([active.name, standby.name]), talking: livesOf([active.name, standby.name]) };
  const portOf = { idle: idle.answers[0]?.localPort ?? 0, talking: talking.answers[0]?.localPort ?? 0 };
  const talkingErrors = [talking.answers[0]?.error ?? null];
  try {
    for (let tS = everyS; tS <= lastS; tS += everyS) {
      await pause(startMs + tS * 1000 - performance.now());
      for (const director of [active, standby]) {
        const there = await portsOn(lab, director, ports.plain);
        for (const which of ['idle', 'talking'] as const) {
          const life = lives[which][director.name];
          if (life) live(life, there.has(portOf[which]), nowS());
        }
      }
      if (tS % keepAliveS === 0) talkingErrors.push((await talking.ask())[0]?.error ?? null);
      if (tS % noteS === 0) note(`${tS / 60} minutes later`);
      if (
        whileKept &&
        Object.values(lives.talking).some(({ goneS }) => goneS !== null && tS > goneS + keepAliveS)
      )
        break;
    }
    const [said] = await idle.ask();
    const { stdout } = await lab
      .host(active.name)
      .exec('cd /proc/sys/net/ipv4/vs; exec cat sync_refresh_period sync_threshold');
    const [refreshPeriod = '', threshold = ''] = stdout.trim().replaceAll('\t', ' ').split('\n');
    return {
      ...lives,
      talkingErrors,
      idleError: said?.error ?? null,
      lastedS: Math.round(nowS()),
      refreshPeriod,
      threshold,
    };
  } finally {
    await idle.close();
    await talking.close();
  }
}

const livesOf = (names: string[]): Record<string, Life> =>
  Object.fromEntries(names.map((name) => [name, { firstS: null, goneS: null }]));

/** An entry that is there again is there. */
function live(life: Life, there: boolean, tS: number): void {
  if (there) {
    life.firstS ??= Math.round(tS);
    life.goneS = null;
  } else if (life.firstS !== null) life.goneS ??= Math.round(tS);
}
