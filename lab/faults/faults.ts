import { capabilityOf, type FaultSpec, faultProblem, type RunningFault } from '../../src/model/fault.ts';
import type { Faults } from '../../src/model/lab.ts';
import { CannotHere, NotInLab } from '../../src/util/errors.ts';
import { badAnswers, serviceDead } from './answers.ts';
import { clockStep } from './clock.ts';
import { daemonFault } from './daemon.ts';
import { type DirectorSignal, signalDirector, startDirector } from './director.ts';
import { begin, type Fault } from './fault.ts';
import { flap, portDown } from './link.ts';
import type { Parts } from './parts.ts';
import { powerOff } from './power.ts';
import { rogueRouter } from './rogue-router.ts';
import { killService, restartService } from './service.ts';
import { tableFull } from './table.ts';
import { announcementsLost, loss, partition } from './wire.ts';

/** The faults of every driver: they differ only in how a link is cut. */
export class LabFaults implements Faults {
  constructor(private readonly parts: Parts) {}

  async start(spec: FaultSpec): Promise<RunningFault> {
    const problem = faultProblem(spec, this.parts.spec);
    if (problem !== undefined) throw new NotInLab(problem);
    const lacking = this.parts.lacks(capabilityOf(spec)) ?? this.#lacksFor(spec);
    if (lacking !== undefined) throw new CannotHere(lacking);
    return begin(spec, this.#make(spec), this.parts.scope);
  }

  /** A link can be cut in labs of every driver; it flaps where there is a switch of ours. */
  #lacksFor({ kind }: FaultSpec): string | undefined {
    return kind === 'flap' && !this.parts.works
      ? 'drlab makes links flap only in labs of namespaces, where it made the switch itself'
      : undefined;
  }

  #make(spec: FaultSpec): Fault {
    const { parts } = this;
    switch (spec.kind) {
      case 'daemon':
        return daemonFault(spec, parts);
      case 'powerOff':
        return powerOff(spec, parts);
      case 'portDown':
        return portDown(spec, parts);
      case 'flap':
        return flap(spec, parts);
      case 'loss':
        return loss(spec, parts);
      case 'partition':
        return partition(spec, parts);
      case 'announcementsLost':
        return announcementsLost(spec, parts);
      case 'slowAnswers':
      case 'errorAnswers':
      case 'hang':
        return badAnswers(spec, parts);
      case 'serviceDead':
        return serviceDead(spec, parts);
      case 'tableFull':
        return tableFull(spec, parts);
      case 'clockStep':
        return clockStep(spec, parts);
      case 'rogueRouter':
        return rogueRouter(spec, parts);
    }
  }

  cutLink(host: string): Promise<void> {
    return this.parts.links.set(host, 'down');
  }

  restoreLink(host: string): Promise<void> {
    return this.parts.links.set(host, 'up');
  }

  killService(realServer: string): Promise<void> {
    return killService(this.parts, realServer);
  }

  restartService(realServer: string): Promise<void> {
    return restartService(this.parts, realServer);
  }

  signalDirector(director: string, signal: DirectorSignal): Promise<void> {
    return signalDirector(this.parts, director, signal);
  }

  startDirector(director: string): Promise<void> {
    return startDirector(this.parts, director);
  }
}
