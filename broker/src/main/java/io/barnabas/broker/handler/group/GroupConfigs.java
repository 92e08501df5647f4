// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import io.barnabas.broker.config.GroupSettings;
import io.barnabas.broker.config.OffsetsSettings;
import io.barnabas.broker.config.ProtocolVersion;
import io.barnabas.coordinator.group.GroupConfig;
import io.barnabas.coordinator.group.GroupConfig.RecordVersions;
import java.time.Duration;

/** The group coordinator's settings as {@code server.properties} has them. */
public final class GroupConfigs {
    private GroupConfigs() {}

    public static GroupConfig of(GroupSettings groups, OffsetsSettings offsets, ProtocolVersion version) {
        return new GroupConfig(
                groups.minSessionTimeoutMs(),
                groups.maxSessionTimeoutMs(),
                groups.maxSize(),
                groups.initialRebalanceDelayMs(),
                offsets.metadataMaxBytes(),
                offsets.loadBufferBytes(),
                Duration.ofMinutes(offsets.retentionMinutes()).toMillis(),
                offsets.retentionCheckIntervalMs(),
                offsets.partitions(),
                offsets.segmentBytes(),
                offsets.replicationFactor(),
                offsets.compression(),
                offsets.commitTimeoutMs(),
                recordVersions(version));
    }

    /** Whether members may be static: only if no broker of the cluster would forget their instance ids. */
    public static boolean staticMembership(ProtocolVersion version) {
        return version.isAtLeast(ProtocolVersion.IBP_2_3_IV0);
    }

    /** What the oldest broker of the cluster can read. */
    static RecordVersions recordVersions(ProtocolVersion version) {
        return new RecordVersions(groupMetadataVersion(version), offsetCommitVersion(version));
    }

    private static short groupMetadataVersion(ProtocolVersion version) {
        if (!version.isAtLeast(ProtocolVersion.IBP_0_10_1_IV0)) {
            return 0;
        }
        if (!version.isAtLeast(ProtocolVersion.IBP_2_1_IV0)) {
            return 1;
        }
        return (short) (version.isAtLeast(ProtocolVersion.IBP_2_3_IV0) ? 3 : 2);
    }

    private static short offsetCommitVersion(ProtocolVersion version) {
        if (!version.isAtLeast(ProtocolVersion.IBP_2_1_IV0)) {
            return 1;
        }
        return (short) (version.isAtLeast(ProtocolVersion.IBP_2_1_IV1) ? 3 : 2);
    }
}
