#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh clone to a running cluster that has survived a kill -9 before your eyes.
set -u
case "${1:-}" in
  "") ;;
  *)
    cat <<'EOT'
usage: quickstart.sh

Builds on first use, starts ZooKeeper and three brokers on 127.0.0.1:9092-9094 as processes of their own, creates a
topic, produces and consumes through a group, kills the broker that leads and controls with kill -9, shows who took
over, reads every acknowledged record back, and leaves the cluster running for your own clients.
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
    echo "quickstart.sh: the build failed; the lines above say why" >&2
    exit 1
  }
fi
bin/class-archive.sh --if-needed > /dev/null
bin/cluster.sh up || exit 1
port=${BARNABAS_PORT:-9092}
KAFKA_OPTS="${KAFKA_OPTS:-} -Dtools.log.level=off" exec bin/kafka-run-class.sh io.barnabas.tools.QuickstartTour \
  --bootstrap-server "127.0.0.1:$port,127.0.0.1:$((port + 1)),127.0.0.1:$((port + 2))" --cluster-script bin/cluster.sh
