// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * What became of a topic to create.
 *
 * @param refusal why it was not created
 * @param id its id; {@link Uuid#ZERO_UUID} if none
 * @param assignment the replicas per partition; empty if refused
 */
public record TopicCreation(Refusal refusal, Uuid id, Map<Integer, List<Integer>> assignment) {
    /** A topic that was not created. */
    public static TopicCreation refused(Refusal refusal) {
        return new TopicCreation(refusal, Uuid.ZERO_UUID, Map.of());
    }
}
