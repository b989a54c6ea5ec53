import { plain } from './text/safe.ts';

/** Elements of XML as text; every attribute and text is escaped here and nowhere else. */

export interface Xml {
  readonly xml: string;
}

type Attributes = Record<string, string | number | undefined>;

export function element(name: string, attributes: Attributes, children: (Xml | string)[] = []): Xml {
  const pairs = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        ` ${key}="${escapeXml(String(value)).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`,
    );
  const body = children.map((child) => (typeof child === 'string' ? escapeXml(child) : child.xml));
  const inside = children.some((child) => typeof child === 'string')
    ? body.join('')
    : `\n${body.join('\n')}\n`;
  const start = `<${name}${pairs.join('')}`;
  return { xml: body.length === 0 ? `${start}/>` : `${start}>${inside}</${name}>` };
}

/** Also drops what XML 1.0 cannot hold at all, such as control characters and lone surrogates. */
export function escapeXml(text: string): string {
  return plain(text)
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\u{fffd}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
