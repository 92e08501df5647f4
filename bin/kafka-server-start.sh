#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts one broker. SIGTERM to its process is a controlled shutdown.
case "${1:-}" in
  ""|-h|--help)
    cat <<'EOT'
usage: kafka-server-start.sh [-daemon] SERVER_PROPERTIES [--override KEY=VALUE]...

Starts one broker. docs/configuration.md lists the keys of SERVER_PROPERTIES.

  -daemon               run in the background; output goes to $LOG_DIR/kafkaServer.out
  --override KEY=VALUE  set KEY instead of the file; can be repeated

example: bin/kafka-server-start.sh conf/server.properties --override broker.id=2
environment: KAFKA_HEAP_OPTS (default -Xmx1G), KAFKA_OPTS, KAFKA_LOG4J_OPTS, JMX_PORT, LOG_DIR, JAVA_HOME,
  BARNABAS_COMPILER (first: fastest start; both: least CPU after a minute of load; default auto: both from two
  processors on),
  BARNABAS_CLASS_ARCHIVE (off: start without the archive of bin/class-archive.sh)
EOT
    [ -n "${1:-}" ]; exit ;;
esac
daemon=()
if [ "$1" = -daemon ]; then daemon=(-daemon); shift; fi
exec "$(dirname "${BASH_SOURCE[0]}")/kafka-run-class.sh" ${daemon[@]+"${daemon[@]}"} -broker -name kafkaServer ${EXTRA_ARGS:--loggc} \
  io.barnabas.broker.Barnabas "$@"
