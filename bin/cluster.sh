#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Controls a local cluster: one ZooKeeper and three brokers as processes, with data on disk.
set -u

usage() {
  cat <<'EOT'
usage: cluster.sh COMMAND

Controls a local cluster of one ZooKeeper and three brokers.

  up             start ZooKeeper and the brokers, and wait until all of them accept connections
  status         show processes, the controller, and partitions without leader or full ISR (--json: as JSON)
  kill N         kill broker N (kill -9)
  pause N        freeze broker N (SIGSTOP): its connections stay open, it does not answer
  resume N       resume a paused broker (SIGCONT)
  stop N         stop broker N (SIGTERM): a controlled shutdown, leaders move first
  start N        start broker N again
  logs N         follow the logs of broker N
  down           stop everything and keep the data
  clean          stop everything and delete the data

N is 1, 2, 3, or zk for ZooKeeper.
environment: BARNABAS_VAR (data and logs, default var/cluster), BARNABAS_PORT (first broker's port, 9092),
  BARNABAS_ZK_PORT (2181), KAFKA_HEAP_OPTS (per broker, default -Xmx512M), KAFKA_OPTS
EOT
}

base=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
var=${BARNABAS_VAR:-$base/var/cluster}
port=${BARNABAS_PORT:-9092}
zk_port=${BARNABAS_ZK_PORT:-2181}
brokers=(1 2 3)

say() { printf '%s\n' "$*"; }
fail() { printf 'cluster.sh: %s\n' "$*" >&2; exit 1; }
broker_port() { echo $((port + $1 - 1)); }
bootstrap() { echo "127.0.0.1:$port,127.0.0.1:$((port + 1)),127.0.0.1:$((port + 2))"; }
listens() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

pid_of() {
  local pid words
  pid=$(cat "$var/run/$1.pid" 2>/dev/null) || return 1
  words=$(tr '\0' '\n' 2>/dev/null < "/proc/$pid/cmdline") || return 1
  # the process may be gone and its number reused; an empty command line means that it is just starting
  [ -z "$words" ] || grep -qF "$var/$1/" <<< "$words" || return 1
  echo "$pid"
}
state_of() {
  local pid
  pid=$(pid_of "$1") || { echo down; return; }
  case "$(awk '{print $3}' "/proc/$pid/stat" 2>/dev/null)" in T) echo paused ;; *) echo running ;; esac
}
node() {
  case "${1:-}" in
    1|2|3) echo "$1" ;;
    zk) echo zookeeper ;;
    *) fail "name a node: 1, 2, 3 or zk" ;;
  esac
}
gone() { while pid_of "$1" > /dev/null; do sleep 0.02; done; }
live() { pid_of "$1" || fail "$1 is not running; 'cluster.sh start $1' starts it"; }

write_zookeeper_config() {
  mkdir -p "$var/zookeeper/data" "$var/run"
  cat > "$var/zookeeper/zookeeper.properties" <<EOT
dataDir=$var/zookeeper/data
clientPort=$zk_port
clientPortAddress=127.0.0.1
tickTime=1000
maxClientCnxns=0
admin.enableServer=false
autopurge.purgeInterval=1
EOT
}
write_broker_config() {
  mkdir -p "$var/$1/data"
  cat > "$var/$1/server.properties" <<EOT
broker.id=$1
listeners=PLAINTEXT://127.0.0.1:$(broker_port "$1")
log.dirs=$var/$1/data
zookeeper.connect=127.0.0.1:$zk_port
zookeeper.session.timeout.ms=6000
default.replication.factor=3
min.insync.replicas=2
num.partitions=3
offsets.topic.replication.factor=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
group.initial.rebalance.delay.ms=0
EOT
}

launch() { # node, script, config
  local name=$1
  mkdir -p "$var/$name/logs" "$var/run"
  LOG_DIR="$var/$name/logs" EXTRA_ARGS=" " nohup "$base/bin/$2" "$3" > "$var/$name/logs/stdout.log" 2>&1 < /dev/null &
  echo $! > "$var/run/$name.pid"
}
await() { # node, port, seconds
  local deadline=$((SECONDS + $3))
  until listens "$2"; do
    pid_of "$1" > /dev/null || { tail -n 5 "$var/$1/logs/stdout.log" >&2; fail "$1 stopped while starting; its log is $var/$1/logs"; }
    [ $SECONDS -lt $deadline ] || fail "$1 does not listen on port $2 after $3 s; its log is $var/$1/logs"
    sleep 0.05
  done
}
start_zookeeper() {
  [ "$(state_of zookeeper)" = down ] || { say "  zookeeper is already $(state_of zookeeper)"; return; }
  ! listens "$zk_port" || fail "port $zk_port is in use by another process; stop it or set BARNABAS_ZK_PORT"
  write_zookeeper_config
  KAFKA_HEAP_OPTS=-Xmx256M launch zookeeper zookeeper-server-start.sh "$var/zookeeper/zookeeper.properties"
  await zookeeper "$zk_port" 30
  say "  zookeeper  process $(pid_of zookeeper), 127.0.0.1:$zk_port"
}
start_broker() {
  [ "$(state_of "$1")" = down ] || { say "  broker $1 is already $(state_of "$1")"; return 1; }
  ! listens "$(broker_port "$1")" || fail "port $(broker_port "$1") is in use by another process; stop it or set BARNABAS_PORT"
  write_broker_config "$1"
  KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xmx512M} launch "$1" kafka-server-start.sh "$var/$1/server.properties"
}
await_broker() {
  await "$1" "$(broker_port "$1")" 60
  say "  broker $1   process $(pid_of "$1"), 127.0.0.1:$(broker_port "$1")"
}
terminate() { # node, seconds
  local pid deadline=$((SECONDS + $2))
  pid=$(pid_of "$1") || return 0
  kill -CONT "$pid" 2>/dev/null
  kill -TERM "$pid" 2>/dev/null
  while pid_of "$1" > /dev/null; do
    if [ $SECONDS -ge $deadline ]; then
      say "  $1 did not stop within $2 s: kill -9"
      kill -KILL "$pid" 2>/dev/null
      break
    fi
    sleep 0.05
  done
  rm -f "$var/run/$1.pid"
}
down() {
  local n
  for n in "${brokers[@]}"; do
    if [ "$(state_of "$n")" != down ]; then terminate "$n" 30; say "  broker $n stopped"; fi
  done
  if [ "$(state_of zookeeper)" != down ]; then terminate zookeeper 10; say "  zookeeper stopped"; fi
}

case "${1:-}" in
  up)
    say "Starting ZooKeeper and ${#brokers[@]} brokers; data and logs in $var"
    start_zookeeper
    started=()
    for n in "${brokers[@]}"; do if start_broker "$n"; then started+=("$n"); fi; done
    for n in ${started[@]+"${started[@]}"}; do await_broker "$n"; done
    say "Up. Clients connect to $(bootstrap)"
    ;;
  status)
    shift
    states=()
    for n in "${brokers[@]}"; do states+=(--process "$n=$(state_of "$n"):$(pid_of "$n" || echo 0)"); done
    KAFKA_OPTS="${KAFKA_OPTS:-} -Dtools.log.level=off" exec "$base/bin/kafka-run-class.sh" io.barnabas.tools.ClusterStatus --bootstrap-server "$(bootstrap)" \
      --zookeeper "$(state_of zookeeper):$(pid_of zookeeper || echo 0)" "${states[@]}" "$@"
    ;;
  kill) n=$(node "${2:-}") || exit; pid=$(live "$n") || exit; kill -KILL "$pid"; gone "$n"; say "Killed $n (process $pid) with SIGKILL" ;;
  pause) n=$(node "${2:-}") || exit; pid=$(live "$n") || exit; kill -STOP "$pid"; say "Paused $n (process $pid); 'cluster.sh resume ${2}' resumes it" ;;
  resume) n=$(node "${2:-}") || exit; pid=$(live "$n") || exit; kill -CONT "$pid"; say "Resumed $n (process $pid)" ;;
  stop) n=$(node "${2:-}") || exit; live "$n" > /dev/null || exit; say "Stopping $n (SIGTERM) …"; terminate "$n" 60; say "$n stopped" ;;
  start)
    n=$(node "${2:-}") || exit
    if [ "$n" = zookeeper ]; then
      start_zookeeper
    elif [ "$(state_of "$n")" = paused ]; then
      kill -CONT "$(pid_of "$n")"; say "$n was paused and has been resumed"
    else
      start_broker "$n" && await_broker "$n"
    fi ;;
  logs) n=$(node "${2:-}") || exit; exec tail -n 50 -F "$var/$n/logs/"*.log ;;
  down) down ;;
  clean) down; rm -rf "$var"; say "Deleted $var" ;;
  -h|--help) usage ;;
  *) usage >&2; exit 1 ;;
esac
