#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts one broker. Signals reach the JVM itself: SIGTERM is a controlled shutdown.
case "${1:-}" in
  ""|-h|--help)
    cat <<'EOT'
usage: kafka-server-start.sh [-daemon] SERVER_PROPERTIES [--override KEY=VALUE]...

  -daemon               run in the background; output goes to $LOG_DIR/kafkaServer.out
  --override KEY=VALUE  a value that takes precedence over the file's, any number of times

example: bin/kafka-server-start.sh conf/server.properties --override broker.id=2
environment: KAFKA_HEAP_OPTS (default -Xmx1G), KAFKA_OPTS, KAFKA_LOG4J_OPTS, JMX_PORT, LOG_DIR, JAVA_HOME,
  BARNABAS_COMPILER (first: quick to start; both: cheapest after a minute of load; auto, the default: both from two processors on)
EOT
    [ -n "${1:-}" ]; exit ;;
esac
daemon=()
if [ "$1" = -daemon ]; then daemon=(-daemon); shift; fi
exec "$(dirname "${BASH_SOURCE[0]}")/kafka-run-class.sh" ${daemon[@]+"${daemon[@]}"} -broker -name kafkaServer ${EXTRA_ARGS:--loggc} \
  io.barnabas.broker.Barnabas "$@"
