#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sends SIGTERM to every ZooKeeper server of this user on this machine, and returns at once.
case "${1:-}" in
  -h|--help) printf '%s\n' 'usage: zookeeper-server-stop.sh' '' 'Sends SIGTERM to all ZooKeeper servers of this user on this machine and returns at once.' 'environment: SIGNAL (default TERM)'; exit 0 ;;
esac
found=()
for dir in /proc/[0-9]*; do
  [ -O "$dir" ] || continue
  mapfile -d '' -t words < "$dir/cmdline" 2>/dev/null || continue
  for word in "${words[@]}"; do
    if [ "$word" = org.apache.zookeeper.server.quorum.QuorumPeerMain ]; then found+=("${dir#/proc/}"); break; fi
  done
done
if [ ${#found[@]} -eq 0 ]; then
  echo "No zookeeper server to stop"
  exit 1
fi
kill -s "${SIGNAL:-TERM}" "${found[@]}"
