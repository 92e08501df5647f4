// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.RequestServices;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordinator.group.GroupCoordinator;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** The handlers of this room. */
public final class GroupHandlers {
    private GroupHandlers() {}

    /**
     * What the handlers need.
     *
     * @param services what all handlers share
     * @param topics creates the coordinators' topics when they are first asked for
     * @param transactionPartition the partition of {@code __transaction_state} for a transactional id
     * @param legacyOffsets where OffsetCommit v0 goes
     * @param offsetMetadataMaxBytes {@code offset.metadata.max.bytes}
     * @param staticMembership whether members may be static: {@code inter.broker.protocol.version} 2.3 and newer
     */
    public record Environment(
            GroupCoordinator coordinator,
            RequestServices services,
            InternalTopicCreation topics,
            ToIntFunction<String> transactionPartition,
            OffsetsInZooKeeper legacyOffsets,
            int offsetMetadataMaxBytes,
            boolean staticMembership) {

        Supplier<ClusterImage> images() {
            return services.images();
        }

        InstantSource clock() {
            return services.clock();
        }
    }

    /** All of them. */
    public static List<RequestHandler<?>> all(Environment environment) {
        GroupCoordinator coordinator = environment.coordinator();
        boolean staticMembership = environment.staticMembership();
        return List.of(
                new FindCoordinatorHandler(environment),
                new JoinGroupHandler(coordinator, staticMembership),
                new SyncGroupHandler(coordinator, staticMembership),
                new HeartbeatHandler(coordinator, staticMembership),
                new LeaveGroupHandler(coordinator),
                new OffsetCommitHandler(environment),
                new OffsetFetchHandler(environment),
                new DescribeGroupsHandler(coordinator),
                new ListGroupsHandler(coordinator),
                new DeleteGroupsHandler(coordinator),
                new OffsetDeleteHandler(coordinator, environment.images()));
    }
}
