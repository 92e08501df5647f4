#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Example applications with stock Kafka clients; --help lists them.
base=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export KAFKA_LOG4J_OPTS=${KAFKA_LOG4J_OPTS:-"-Dlog4j2.configurationFile=file:$base/conf/examples-log4j2.properties"}
export KAFKA_OPTS="-Dexamples.state.dir=${BARNABAS_VAR:-$base/var}/examples ${KAFKA_OPTS:-}"
[ ! -t 1 ] || KAFKA_OPTS="-Dexamples.terminal=true $KAFKA_OPTS"
exec "$base/bin/kafka-run-class.sh" -examples io.barnabas.examples.Examples "$@"
