import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Host } from '../../src/model/host.ts';
import { type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { LabUnavailable } from '../../src/util/errors.ts';

/** In the folder of whoever serves. */
const certificateFile = 'certificate.pem';
const keyFile = 'certificate.key';

export const speaksTls = ({ hosts }: LabSpec): boolean => hosts.some(({ server }) => server?.serves?.https);

/** Every address and name by which somebody in the lab may ask, so that a client that verifies finds it. */
export function subjectNames(spec: LabSpec): string {
  const addresses = [
    ...vipsOf(spec),
    ...spec.hosts.flatMap(({ ip, ip6 }) => [ip, ...(ip6 ? [ip6.address] : [])]),
  ];
  const pages = spec.hosts.flatMap(({ server }) => server?.serves?.pages ?? []);
  const names = [...spec.hosts.map(({ name }) => name), ...pages.flatMap(({ host }) => host ?? [])];
  const unique = (words: string[]): string[] => [...new Set(words)];
  return [
    ...unique(names).map((name) => `DNS:${name}`),
    ...unique(addresses).map((address) => `IP:${address}`),
  ].join(',');
}

/** One for a lab, its own issuer. */
const making = (names: string): string =>
  `command -v openssl >/dev/null || exit 127
exec openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj '/CN=drlab' \
  -keyout ${keyFile} -out ${certificateFile} -addext 'subjectAltName=${names}' 2>&1`;

/** As ca-certificates does, for programs that look for a file and for those that look into a folder. */
const trusting = `folder=/etc/ssl/certs
mkdir -p "$folder" && cp ${certificateFile} "$folder/drlab.pem" || exit
ln -sf drlab.pem "$folder/$(openssl x509 -noout -hash -in ${certificateFile}).0" || exit
{ sed '/^# drlab$/,$d' "$folder/ca-certificates.crt" 2>/dev/null; echo '# drlab'; cat ${certificateFile}; } >certificates
cat certificates >"$folder/ca-certificates.crt"`;

/**
 * Makes a certificate on the first host and takes it to the others.
 * @param serving hosts that speak TLS; trusting: those whose programs are to take the certificate for good.
 * @throws {LabUnavailable} without openssl, or where nothing can be added to what is trusted.
 */
export async function certify(spec: LabSpec, serving: Host[], trustingHosts: Host[]): Promise<void> {
  const [first] = serving;
  if (!first) return;
  const { code, stdout } = await first.exec(making(subjectNames(spec)), { okCodes: [0, 1, 127] });
  if (code !== 0)
    throw new LabUnavailable(
      `no certificate for https could be made: ${stdout.trim() || 'openssl is not installed'}`,
      {
        hint: 'apt-get install openssl',
      },
    );
  const [certificate, key] = await Promise.all([first.get(certificateFile), first.get(keyFile)]);
  for (const host of serving.slice(1)) {
    await host.put(certificateFile, certificate);
    await host.put(keyFile, key);
  }
  for (const host of trustingHosts) {
    await host.put(certificateFile, certificate);
    const ended = await host.exec(trusting, { okCodes: [0, 1, 2] });
    if (ended.code !== 0)
      throw new LabUnavailable(
        `${host.name} cannot be made to trust the certificate of https: ${ended.stderr.trim()}`,
        {
          hint: 'hosts need an /etc that can be written: drlab doctor',
        },
      );
  }
}

let context: SecureContext | undefined;

/** That of the folder that this program was started in. */
export function ownCertificate(): SecureContext {
  context ??= createSecureContext({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) });
  return context;
}
