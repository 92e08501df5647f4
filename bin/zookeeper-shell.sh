#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The ZooKeeper shell.
case "${1:-}" in
  ""|-h|--help) echo "usage: zookeeper-shell.sh HOST:PORT[/CHROOT] [COMMAND ...]"; [ -n "${1:-}" ]; exit ;;
esac
server=$1; shift
exec "$(dirname "${BASH_SOURCE[0]}")/kafka-run-class.sh" org.apache.zookeeper.ZooKeeperMain -server "$server" "$@"
