// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What the controller answers to a broker that wants to stop.
 *
 * @param refusal STALE_CONTROLLER_EPOCH (this is not the controller), STALE_BROKER_EPOCH, BROKER_NOT_AVAILABLE, none
 * @param remaining replicated partitions the broker still leads; none means it may go
 */
public record ShutdownDecision(Refusal refusal, Set<TopicPartition> remaining) {
    public ShutdownDecision {
        remaining = Set.copyOf(remaining);
    }
}
