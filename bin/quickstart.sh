#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts a local cluster from a fresh clone and shows a failover.
set -u
case "${1:-}" in
  "") ;;
  *)
    cat <<'EOT'
usage: quickstart.sh

Builds on first use and starts ZooKeeper and three brokers as processes on 127.0.0.1:9092-9094. Creates a topic,
produces, and consumes with a group. Kills the leader, which is also the controller, with kill -9, shows the new leader
and controller, reads every acknowledged record back, and leaves the cluster running.

Afterwards: bin/cluster.sh status | kill N | pause N | start N | stop N | logs N | down
EOT
    case "$1" in -h|--help) exit 0 ;; *) exit 1 ;; esac ;;
esac
base=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$base" || exit 1
if [ -f pom.xml ] && { [ ! -d dist/target/barnabas/libs ] || [ ! -d tools/target/libs ]; }; then
  command -v mvn > /dev/null || { echo "quickstart.sh: building needs Maven 3.8 or newer on the PATH" >&2; exit 1; }
  echo "First use: building with Maven (about a minute; the log is target/quickstart-build.log) …"
  mkdir -p target
  mvn -B -ntp package -DskipTests > target/quickstart-build.log 2>&1 || {
    tail -n 20 target/quickstart-build.log >&2
    echo "quickstart.sh: the build failed; see the lines above and target/quickstart-build.log" >&2
    exit 1
  }
fi
bin/class-archive.sh --if-needed > /dev/null
bin/cluster.sh up || exit 1
port=${BARNABAS_PORT:-9092}
KAFKA_OPTS="${KAFKA_OPTS:-} -Dtools.log.level=off" exec bin/kafka-run-class.sh io.barnabas.tools.QuickstartTour \
  --bootstrap-server "127.0.0.1:$port,127.0.0.1:$((port + 1)),127.0.0.1:$((port + 2))" --cluster-script bin/cluster.sh
