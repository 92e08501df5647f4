// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica;

import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.replica.log.LogDirFailureListener;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * The orders that reach this broker's replicas: from the controller, from administrators, and from the process itself.
 *
 * <p>Orders touch the disk (they create and delete logs): call them off the event loops. They are taken one at a time, in
 * the order of the calls; broker epochs are checked by the caller, controller epochs here. As the log manager's listener
 * it takes the partitions of a failed directory offline and tells the controller.
 */
public interface ReplicaControl extends LogDirFailureListener {
    /** Leads and follows as the controller says. */
    LeaderAndIsrCommand.Outcome becomeLeaderOrFollower(LeaderAndIsrCommand command);

    /** Stops, and where asked deletes, replicas. */
    StopReplicaCommand.Outcome stopReplicas(StopReplicaCommand command);

    /**
     * Notes the controller epoch an UpdateMetadata came with.
     *
     * @return {@link Errors#STALE_CONTROLLER_EPOCH} if a newer controller was heard, else {@link Errors#NONE}
     */
    Errors noteControllerEpoch(int controllerEpoch);

    /**
     * The broker's metadata changed: brokers may have come, gone or moved. Wakes what depends on it.
     *
     * @param deletedPartitions partitions that the controller says are being deleted
     */
    void metadataUpdated(Set<TopicPartition> deletedPartitions);

    /** Describes all log directories, with the replicas named, or all if empty. */
    List<LogDirResult> describeLogDirs(Optional<Set<TopicPartition>> partitions);

    /**
     * Begins to move replicas to other log directories of this broker.
     *
     * @param directories the absolute target directory per partition
     * @return the outcome per partition
     */
    Map<TopicPartition, Errors> alterReplicaLogDirs(Map<TopicPartition, String> directories);

    /**
     * This broker is about to stop. It goes on copying what it is in sync with, and takes up nothing more: a leader would
     * take it back into the in-sync set, and its producers would then wait for a replica that goes.
     */
    void leaving();

    /** Starts the periodic work: shrinking the ISR, saving high watermarks. */
    void start();

    /** Stops fetchers and waiting requests, and saves the high watermarks. Logs are closed by their own manager. */
    void shutdown();
}
