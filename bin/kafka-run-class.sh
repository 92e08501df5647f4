#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs one Java class of this installation. The other scripts exec it, and it execs the JVM, so signals reach the JVM.
set -u

usage() {
  cat <<'EOT'
usage: kafka-run-class.sh [-daemon] [-name NAME] [-loggc] [-broker|-zookeeper|-tools|-examples] CLASS [ARG ...]

  -daemon      run in the background, output to $LOG_DIR/NAME.out
  -name NAME   name of the daemon, for its output and pid files (default: the class)
  -loggc       write the JVM's garbage collection log to $LOG_DIR/NAME-gc.log
  -broker      use the class path of brokers (libs/)
  -zookeeper   the same, with the options of a ZooKeeper server
  -tools       use the class path of the command-line tools (tools/libs/); the default
  -examples    use the class path of the examples (in a checkout)

environment, as in Kafka: JAVA_HOME, LOG_DIR, CLASSPATH, JMX_PORT, KAFKA_HEAP_OPTS, KAFKA_OPTS,
  KAFKA_JVM_PERFORMANCE_OPTS, KAFKA_LOG4J_OPTS, KAFKA_JMX_OPTS, KAFKA_GC_LOG_OPTS
for servers also:
  BARNABAS_CLASS_ARCHIVE  off: start without the archive of bin/class-archive.sh
  BARNABAS_COMPILER       first: fastest start; both: least CPU after a minute of load; auto, the default: both from
                          two processors on, for ZooKeeper from four
EOT
}

daemon=false name="" gclog=false side=tools archive_name="" processors_for_both=2
while [ $# -gt 0 ]; do
  case "$1" in
    -daemon) daemon=true; shift ;;
    -name) name="${2:?-name needs a name}"; shift 2 ;;
    -loggc) gclog=true; shift ;;
    -broker) side=broker archive_name=classes; shift ;;
    -zookeeper) side=broker archive_name=zookeeper processors_for_both=4; shift ;;
    -tools) side=tools; shift ;;
    -examples) side=examples; shift ;;
    -h|--help) usage; exit 0 ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || { usage >&2; exit 1; }

base=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [ -f "$base/pom.xml" ]; then
  libs="$base/dist/target/barnabas/libs" tool_libs="$base/tools/target/libs"
else
  libs="$base/libs" tool_libs="$base/tools/libs"
fi
case "$side" in
  broker) wanted=$libs ;;
  examples) wanted="$base/examples/target/libs" ;;
  *) wanted=$tool_libs ;;
esac
if [ ! -d "$wanted" ]; then
  echo "No libraries in $wanted: build them first with 'mvn package -DskipTests' in $base" >&2
  exit 1
fi

LOG_DIR=${LOG_DIR:-$base/logs}
mkdir -p "$LOG_DIR" 2>/dev/null || { echo "Cannot create the log directory $LOG_DIR; set LOG_DIR to one that can be written" >&2; exit 1; }
[ -n "$name" ] || name=${1##*.}

# shellcheck source=bin/find-java
. "$base/bin/find-java"

if [ "$side" = broker ]; then
  : "${KAFKA_LOG4J_OPTS:=-Dlog4j2.configurationFile=file:$base/conf/log4j2.properties}"
  : "${KAFKA_HEAP_OPTS:=-Xmx1G}"
  # the JVM's compilers: see docs/decisions/0015
  compiler=${BARNABAS_COMPILER:-auto}
  if [ "$compiler" = auto ]; then
    # nproc leaves out processors this process may not use
    processors=$(nproc 2> /dev/null || getconf _NPROCESSORS_ONLN 2> /dev/null || echo 1)
    if [ "$processors" -ge "$processors_for_both" ]; then compiler=both; else compiler=first; fi
  fi
  case "$compiler" in
    first) compiler_opts="-XX:TieredStopAtLevel=1" ;;
    both) compiler_opts=$both_compilers ;;
    *) echo "BARNABAS_COMPILER is '$compiler'; it must be auto, first or both" >&2; exit 1 ;;
  esac
  # a killed process's connections end once its memory is given back: 0.25 s for each GB, but for huge pages
  huge_pages=""
  if [ "$archive_name" = classes ] && [[ "$KAFKA_HEAP_OPTS" =~ -Xmx([0-9]+)([kKmMgG]?) ]]; then
    case "${BASH_REMATCH[2]}" in
      [gG]) heap_mb=$((BASH_REMATCH[1] * 1024)) ;;
      [mM]) heap_mb=${BASH_REMATCH[1]} ;;
      [kK]) heap_mb=$((BASH_REMATCH[1] / 1024)) ;;
      *) heap_mb=$((BASH_REMATCH[1] / 1048576)) ;;
    esac
    if [ "$heap_mb" -ge 1024 ]; then huge_pages="-XX:+UseTransparentHugePages"; fi
  fi
  : "${KAFKA_JVM_PERFORMANCE_OPTS:=-server -XX:+UseSerialGC -XX:MaxNewSize=24m $huge_pages $compiler_opts -Djava.awt.headless=true -Dio.netty.leakDetection.level=disabled}"
else
  : "${KAFKA_LOG4J_OPTS:=-Dlog4j2.configurationFile=file:$base/conf/tools-log4j2.properties}"
  : "${KAFKA_HEAP_OPTS:=-Xmx256M}"
  : "${KAFKA_JVM_PERFORMANCE_OPTS:=-server -XX:+UseSerialGC -XX:TieredStopAtLevel=4 -Xshare:auto -Djava.awt.headless=true}"
fi
if [ -z "${KAFKA_JMX_OPTS:-}" ] && [ -n "${JMX_PORT:-}" ]; then
  KAFKA_JMX_OPTS="-Dcom.sun.management.jmxremote -Dcom.sun.management.jmxremote.authenticate=false -Dcom.sun.management.jmxremote.ssl=false"
fi
if [ -n "${JMX_PORT:-}" ]; then
  KAFKA_JMX_OPTS="${KAFKA_JMX_OPTS:-} -Dcom.sun.management.jmxremote.port=$JMX_PORT -Dcom.sun.management.jmxremote.rmi.port=$JMX_PORT"
fi
gc_opts=""
if [ "$gclog" = true ]; then
  gc_opts=${KAFKA_GC_LOG_OPTS:--Xlog:gc*:file=$LOG_DIR/$name-gc.log:time,tags:filecount=10,filesize=100M}
fi

archive_opts=()
archive="$(dirname "$libs")/$archive_name.$archive_kind"
if [ -n "$archive_name" ] && [ "${BARNABAS_CLASS_ARCHIVE:-on}" != off ] && [ -f "$archive" ] && [ -z "${CLASSPATH:-}" ]; then
  # made by bin/class-archive.sh; the JVM ignores an archive that does not fit, without a message
  case "$archive" in
    *.aot) archive_opts=("-XX:AOTCache=$archive" -XX:AOTMode=auto -Xlog:aot=off -Xlog:cds=off) ;;
    *) archive_opts=("-XX:SharedArchiveFile=$archive" -Xshare:auto -Xlog:cds=off -Xlog:cds+dynamic=off) ;;
  esac
fi

classpath="$wanted/*"
[ -z "${CLASSPATH:-}" ] || classpath="$CLASSPATH:$classpath"

# words are split on purpose: each variable holds several options
# shellcheck disable=SC2206
command=("$java" ${java_opts[@]+"${java_opts[@]}"} ${KAFKA_HEAP_OPTS} ${KAFKA_JVM_PERFORMANCE_OPTS} ${archive_opts[@]+"${archive_opts[@]}"} $gc_opts ${KAFKA_JMX_OPTS:-}
  "-Dkafka.logs.dir=$LOG_DIR" ${KAFKA_LOG4J_OPTS} -cp "$classpath" ${KAFKA_OPTS:-} "$@")
if [ "$daemon" = true ]; then
  nohup "${command[@]}" > "$LOG_DIR/$name.out" 2>&1 < /dev/null &
  echo "$name runs as process $!; its output is in $LOG_DIR/$name.out"
else
  exec "${command[@]}"
fi
