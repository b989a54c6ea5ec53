import { LabUnavailable } from '../../src/util/errors.ts';
import { type KernelPackage, kernelNames, parsePackages } from './packages.ts';
import { run } from './run.ts';

/**
 * Kernel packages that apt knows of, newest first.
 * @throws {LabUnavailable} where there is no apt, or it has no lists.
 */
export async function obtainableKernels(): Promise<KernelPackage[]> {
  if (process.arch !== 'x64')
    throw new LabUnavailable(`kernels are fetched for x86-64 only, not for ${process.arch}`);
  const known = await run('apt-cache', ['pkgnames', 'linux-image-']);
  if (known.code === 127) {
    throw new LabUnavailable('kernel packages are fetched with apt, which this machine lacks', {
      hint: '--kernel PATH takes a bzImage with lib/modules/RELEASE next to it',
    });
  }
  const names = kernelNames(known.stdout);
  const shown =
    names.length === 0 ? '' : (await run('apt-cache', ['show', '--no-all-versions', ...names])).stdout;
  const packages = parsePackages(shown);
  if (packages.length > 0) return packages;
  throw new LabUnavailable('apt knows no kernel packages: its lists are missing', { hint: 'apt-get update' });
}
