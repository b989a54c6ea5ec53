/** In the folder of its host. */
export const confFile = 'keepalived.conf';
export const log = 'keepalived.log';

/**
 * A line of shell that becomes keepalived, in the folder of its host. Two on one machine that share any of their pid
 * files end each other; that of BFD can be named only where it was built with BFD.
 */
export const keepalivedCommand = (...options: string[]): string => {
  const words = ['-n', '-l', '-D', '-G', ...options, '-f', `"$PWD/${confFile}"`, ...pidFiles];
  return `case $(keepalived --help 2>&1) in *--bfd_pid=*) set -- -b "$PWD/bfd.pid" ;; *) set -- ;; esac; exec keepalived ${words.join(' ')} "$@" >>${log} 2>&1`;
};

const pidFiles = ['-p', '"$PWD/keepalived.pid"', '-r', '"$PWD/vrrp.pid"', '-c', '"$PWD/checkers.pid"'];
