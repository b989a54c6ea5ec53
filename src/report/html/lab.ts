import { basename } from 'node:path';
import type { RunRecord } from '../../model/record.ts';
import type { ForwardingMethod, LabSpec, ServiceSpec } from '../../model/spec.ts';
import { hostsOf } from '../../model/spec.ts';
import { type Markup, markup } from '../markup.ts';
import { plural } from '../text/units.ts';
import { labDrawing } from './lab-drawing.ts';

const methodName: Record<ForwardingMethod, string> = { dr: 'DR', tun: 'TUN', nat: 'NAT' };

/** The lab: what it consists of, drawn, and its virtual services. */
export function labSection(spec: LabSpec): Markup {
  return markup`<section id="lab"><h2>Lab <q>${spec.name}</q></h2>
<p class="soft">${composition(spec)}; ${spec.network.base}/${spec.network.prefixLength}, MTU ${spec.network.mtu}</p>
<figure class="lab">${labDrawing(spec)}
<figcaption class="keys"><span><i class="swatch request"></i>request, through the director</span><span><i class="swatch answer"></i>${answerWay(spec)}</span></figcaption></figure>
<ul class="services">${spec.services.map(service)}</ul></section>`;
}

/** The lab file as the command line names it; without its folders where it does not. */
export function labFileName({ lab, commandLine }: RunRecord): string {
  return commandLine.includes(lab.file) ? lab.file : basename(lab.file);
}

/** `1 client, 2 directors (keepalived), 3 real servers` */
export function composition(spec: LabSpec): string {
  const routers = hostsOf(spec, 'router').length;
  return [
    plural(hostsOf(spec, 'client').length, 'client'),
    ...(routers > 0 ? [plural(routers, 'router')] : []),
    `${plural(hostsOf(spec, 'director').length, 'director')} (${spec.director.kind})`,
    plural(hostsOf(spec, 'realServer').length, 'real server'),
  ].join(', ');
}

function answerWay(spec: LabSpec): string {
  return spec.services[0]?.forward === 'nat'
    ? 'answer, back through the director'
    : 'answer, straight to the client';
}

function service(one: ServiceSpec): Markup {
  const shown = one.realServers.slice(0, 8).map(({ name, weight }) => `${name} (${weight})`);
  const more = one.realServers.length - shown.length;
  const persistence = one.persistenceS > 0 ? `, persistent for ${one.persistenceS} s` : '';
  const entry = one.mark === undefined ? '' : `by firewall mark ${one.mark}, `;
  return markup`<li><code>${one.vip}:${String(one.port)}/${one.protocol}</code> ${entry}${one.allPorts ? 'of all ports, ' : ''}${one.scheduler}, ${methodName[one.forward]}${persistence} <span class="soft">to ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}</span></li>`;
}
