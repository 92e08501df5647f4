#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ZooKeeper's own shell.
case "${1:-}" in
  ""|-h|--help) echo "usage: zookeeper-shell.sh HOST:PORT[/CHROOT] [COMMAND ...]"; [ -n "${1:-}" ]; exit ;;
esac
server=$1; shift
export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xmx256M}
export KAFKA_LOG4J_OPTS=${KAFKA_LOG4J_OPTS:--Dlog4j2.configurationFile=file:$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/conf/tools-log4j2.properties}
exec "$(dirname "${BASH_SOURCE[0]}")/kafka-run-class.sh" -broker org.apache.zookeeper.ZooKeeperMain -server "$server" "$@"
