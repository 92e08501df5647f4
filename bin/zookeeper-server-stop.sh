#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Asks every zookeeper server started from this machine's scripts by this user to stop (SIGTERM), and returns at once.
case "${1:-}" in
  -h|--help) echo 'usage: zookeeper-server-stop.sh   sends SIGTERM to the zookeeper server processes of this user; $SIGNAL names another signal'; exit 0 ;;
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
