import type { Cell, PlaceColumn } from '../../model/matrix.ts';
import { relativeLink } from '../html/check-body.ts';

/** Links into the folders of the places; undefined where there is nothing, or it would lead elsewhere. */

export const reportOf = ({ run }: PlaceColumn): string | undefined =>
  run && relativeLink(`${run.dir}/report.html`);

export function checkReport({ report }: Cell): string | undefined {
  if (report === undefined) return undefined;
  const [path = '', id] = report.split('#', 2);
  const file = relativeLink(path);
  return file === undefined || id === undefined ? file : `${file}#${encodeURIComponent(id)}`;
}
