#!/bin/sh
# One night: a run that is kept, judged against the nights before, and fails when a second run confirms a regression.
# usage: night.sh [ARGUMENT of drlab run…]      for example  night.sh latency throughput --lab /etc/drlab/web.yaml
# environment: DRLAB_STATE (/var/lib/drlab)     nights/ holds the history, runs/ the reports, last leads to the newest
#              DRLAB_BASELINE (median:7)
#              DRLAB_KEEP_DAYS (30)             older reports go; the history stays
# exit: as drlab run; 75 where another night is still under way
set -u
umask 022
state=${DRLAB_STATE:-/var/lib/drlab}
out=$state/runs/$(date -u +%Y%m%d-%H%M%S)-$$
PATH=$PATH:/usr/local/bin:/usr/local/sbin:/usr/sbin:/sbin
export PATH

mkdir -p "$state/runs" || exit 73
exec 9>"$state/lock" || exit 73
# Two nights at once would measure each other.
flock -n 9 || { echo "night.sh: another night is under way ($state/lock)" >&2; exit 75; }

node "$(dirname "$0")/../../dist/src/cli/main.js" run "$@" --quiet --out "$out" \
  --history "$state/nights" --baseline "${DRLAB_BASELINE:-median:7}" --fail-on regression 9>&-
code=$?

[ -f "$out/summary.md" ] && ln -sfn "runs/${out##*/}" "$state/last"
if [ -n "${GITHUB_STEP_SUMMARY-}" ] && [ -f "$out/summary.md" ]; then
  cat "$out/summary.md" >>"$GITHUB_STEP_SUMMARY"
fi
find "$state/runs" -mindepth 1 -maxdepth 1 -type d -mtime "+${DRLAB_KEEP_DAYS:-30}" -exec rm -rf {} +
exit "$code"
