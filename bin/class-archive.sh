#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes class data archives, which halve the start time of brokers and ZooKeeper.
set -u
case "${1:-}" in
  ""|--if-needed) ;;
  *)
    cat <<'EOT'
usage: class-archive.sh [--if-needed]

Makes class data archives (with JDK 25 and newer, AOT caches), with which brokers and ZooKeeper start in half the time.
The script starts a ZooKeeper and two brokers of this installation on free loopback ports, with data in a temporary
directory, produces and consumes some records, and stops them. The archives are written beside libs/, and
kafka-server-start.sh and zookeeper-server-start.sh use them from then on.

This takes some seconds, with JDK 25 half a minute. Run it again when the libraries or the JVM have changed; until then
an archive that does not fit is ignored. BARNABAS_CLASS_ARCHIVE=off starts a server without its archive.

  --if-needed   do nothing if the archives exist and are newer than the libraries
EOT
    case "$1" in -h|--help) exit 0 ;; *) exit 1 ;; esac ;;
esac
base=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [ -f "$base/pom.xml" ]; then home="$base/dist/target/barnabas"; else home=$base; fi
# shellcheck source=bin/find-java
. "$base/bin/find-java"
archives=("classes.$archive_kind" "zookeeper.$archive_kind") # as kafka-run-class.sh looks for them
fail() { echo "class-archive.sh: $*; no archive was made, and servers start more slowly without one" >&2; exit 1; }
is_new() { [ -f "$home/$1" ] && [ -z "$(find "$home/libs" -newer "$home/$1" -print -quit)" ]; }

[ -d "$home/libs" ] || fail "no libraries in $home/libs"
if [ "${1:-}" = --if-needed ] && is_new "${archives[0]}" && is_new "${archives[1]}"; then exit 0; fi
[ -w "$home" ] || fail "cannot write to $home"

scratch=$(mktemp -d) || fail "no temporary directory"
pids=()
clean() {
  local pid
  for pid in ${pids[@]+"${pids[@]}"}; do
    kill -KILL "$pid" 2> /dev/null
    wait "$pid" 2> /dev/null # else the shell says that it was killed
  done
  rm -rf "$scratch"
}
trap clean EXIT
trap 'exit 1' INT TERM

listens() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }
free_port() {
  local port
  for _ in $(seq 50); do
    port=$((20000 + RANDOM % 12000))
    listens "$port" || { echo "$port"; return; }
  done
  return 1
}
await() { # pid, port
  local deadline=$((SECONDS + 60))
  until listens "$2"; do
    kill -0 "$1" 2> /dev/null && [ $SECONDS -lt $deadline ] || fail "a server did not start: $(tail -n 1 "$scratch/out" 2> /dev/null)"
    sleep 0.05
  done
}

zk_port=$(free_port) && port=$(free_port) && second_port=$(free_port) || fail "no free port"
printf '%s\n' "dataDir=$scratch/zookeeper" "clientPort=$zk_port" clientPortAddress=127.0.0.1 admin.enableServer=false \
  > "$scratch/zookeeper.properties"
config() { # broker, port
  printf '%s\n' "broker.id=$1" "listeners=PLAINTEXT://127.0.0.1:$2" "log.dirs=$scratch/data-$1" \
    "zookeeper.connect=127.0.0.1:$zk_port" offsets.topic.replication.factor=1 offsets.topic.num.partitions=1 \
    > "$scratch/server-$1.properties"
}
config 1 "$port"
config 2 "$second_port"

export BARNABAS_CLASS_ARCHIVE=off KAFKA_JMX_OPTS= JMX_PORT=
start() { # port, heap, JVM options, class, properties file; its process is $!
  LOG_DIR="$5.logs" KAFKA_HEAP_OPTS=$2 KAFKA_OPTS=$3 "$base/bin/kafka-run-class.sh" -broker "$4" "$5" >> "$scratch/out" 2>&1 &
  pids+=($!)
  await $! "$1"
}
leaving() { # archive: the JVM options that write it when the JVM exits
  case "$1" in
    *.aot) echo "-XX:AOTCacheOutput=$scratch/$1 -Xlog:aot=off -Xlog:cds=off" ;;
    *) echo "-XX:ArchiveClassesAtExit=$scratch/$1 -Xlog:cds=off -Xlog:cds+dynamic=off" ;;
  esac
}
start "$zk_port" -Xmx128M "$(leaving "${archives[1]}")" \
  org.apache.zookeeper.server.quorum.QuorumPeerMain "$scratch/zookeeper.properties"
zookeeper=$!
start "$port" -Xmx256M "$(leaving "${archives[0]}")" io.barnabas.broker.Barnabas "$scratch/server-1.properties"
broker=$!
start "$second_port" -Xmx256M "" io.barnabas.broker.Barnabas "$scratch/server-2.properties"

# loads more classes into the brokers; if it fails the archive is only a little smaller
export KAFKA_OPTS= KAFKA_HEAP_OPTS=-Xmx128M LOG_DIR="$scratch/logs"
rehearse() { # script, arguments
  "$base/bin/$1" "${@:2}" > "$scratch/work" 2>&1 && return
  echo "class-archive.sh: $1 failed ($(head -n 1 "$scratch/work")); the archive will have fewer classes" >&2
}
rehearse kafka-topics.sh --bootstrap-server "127.0.0.1:$port" --create --topic rehearsal --partitions 4 --replication-factor 2
rehearse kafka-producer-perf-test.sh --topic rehearsal --num-records 500 --record-size 100 --throughput -1 \
  --producer-props "bootstrap.servers=127.0.0.1:$port" acks=all
rehearse kafka-consumer-perf-test.sh --bootstrap-server "127.0.0.1:$port" --topic rehearsal --messages 500 --timeout 5000
for server in "$broker" "$zookeeper"; do
  kill -TERM "$server" 2> /dev/null
  wait "$server" 2> /dev/null
done
for archive in "${archives[@]}"; do
  [ -s "$scratch/$archive" ] || fail "the JVM wrote no $archive: $(tail -n 1 "$scratch/out" 2> /dev/null)"
  mv -f "$scratch/$archive" "$home/$archive.$$" && mv -f "$home/$archive.$$" "$home/$archive" || fail "cannot write $home/$archive"
  echo "Made $home/$archive ($(($(wc -c < "$home/$archive") / 1048576)) MiB)"
done
