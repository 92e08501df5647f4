#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Kafka's own tool.
exec "$(dirname "${BASH_SOURCE[0]}")/kafka-run-class.sh" org.apache.kafka.tools.LeaderElectionCommand "$@"
