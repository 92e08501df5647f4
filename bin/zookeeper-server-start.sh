#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts one stock ZooKeeper server.
case "${1:-}" in
  ""|-h|--help)
    cat <<'EOT'
usage: zookeeper-server-start.sh [-daemon] ZOOKEEPER_PROPERTIES

Starts one ZooKeeper server. In an ensemble each machine needs a file 'myid' with its number in dataDir; see
conf/three-machines/.

  -daemon   run in the background; output goes to $LOG_DIR/zookeeper.out

environment: KAFKA_HEAP_OPTS (default -Xmx512M), KAFKA_OPTS, KAFKA_LOG4J_OPTS, JMX_PORT, LOG_DIR, JAVA_HOME
EOT
    [ -n "${1:-}" ]; exit ;;
esac
daemon=()
if [ "$1" = -daemon ]; then daemon=(-daemon); shift; fi
export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xmx512M}
exec "$(dirname "${BASH_SOURCE[0]}")/kafka-run-class.sh" ${daemon[@]+"${daemon[@]}"} -zookeeper -name zookeeper ${EXTRA_ARGS:-} \
  org.apache.zookeeper.server.quorum.QuorumPeerMain "$@"
