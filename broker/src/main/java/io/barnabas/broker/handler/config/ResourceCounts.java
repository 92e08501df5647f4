// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** Finds the resources that one request names more than once; none of their mentions is acted on. */
final class ResourceCounts {
    static final ApiError REPEATED = new ApiError(Errors.INVALID_REQUEST, "Each resource must appear at most once.");

    private final Map<Key, Integer> counts = new HashMap<>();

    private record Key(byte type, String name) {}

    void add(byte type, String name) {
        counts.merge(new Key(type, name), 1, Integer::sum);
    }

    boolean isRepeated(byte type, String name) {
        return counts.getOrDefault(new Key(type, name), 0) > 1;
    }
}
