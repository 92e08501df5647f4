// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * The groups coordinated here.
 *
 * @param error COORDINATOR_LOAD_IN_PROGRESS if some are still being loaded; the others are listed nevertheless
 */
public record GroupListing(Errors error, List<ListedGroup> groups) {
    /** The type every group has in the classic protocol. */
    public static final String CLASSIC = "classic";

    /** Copies the groups. */
    public GroupListing {
        groups = List.copyOf(groups);
    }

    /** @param protocolType empty for a group that only stores offsets */
    public record ListedGroup(String groupId, String protocolType, String state, String type) {}
}
