// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import io.barnabas.coordinator.group.GroupCoordinator;
import io.barnabas.replica.AppendCommand;
import io.barnabas.replica.AppendResult;
import io.barnabas.replica.ReplicaManager;
import io.barnabas.replica.log.AppendOrigin;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.RecordVersion;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;

/**
 * Writes transaction markers into partitions led here, waits until they are replicated, and lets the groups know of
 * those that end committed offsets. Thread-safe; does not block.
 */
final class LocalMarkers {
    private final ReplicaManager replicas;
    private final GroupCoordinator groups;
    private final int requestTimeoutMs;
    private final InstantSource clock;

    /** @param requestTimeoutMs how long to wait for the in-sync replicas */
    LocalMarkers(ReplicaManager replicas, GroupCoordinator groups, int requestTimeoutMs, InstantSource clock) {
        this.replicas = replicas;
        this.groups = groups;
        this.requestTimeoutMs = requestTimeoutMs;
        this.clock = clock;
    }

    /** @return an error for every partition of the marker; never fails */
    CompletableFuture<Map<TopicPartition, Errors>> write(TxnMarkerEntry marker) {
        Map<TopicPartition, Errors> errors = new LinkedHashMap<>();
        Map<TopicPartition, MemoryRecords> records = new HashMap<>();
        for (TopicPartition partition : marker.partitions()) {
            Optional<RecordVersion> version = replicas.logConfig(partition).map(config -> config.recordVersion());
            if (version.isEmpty()) {
                errors.put(partition, Errors.UNKNOWN_TOPIC_OR_PARTITION);
            } else if (version.get().precedes(RecordVersion.V2)) {
                errors.put(partition, Errors.UNSUPPORTED_FOR_MESSAGE_FORMAT);
            } else {
                records.put(partition, batch(marker));
            }
        }
        if (records.isEmpty()) {
            return CompletableFuture.completedFuture(errors);
        }
        AppendCommand append =
                new AppendCommand(AppendCommand.ACKS_ALL, requestTimeoutMs, true, AppendOrigin.COORDINATOR, records);
        return replicas.append(append).thenCompose(results -> {
            results.forEach((partition, result) -> errors.put(partition, result.error()));
            return tellGroups(marker, results).thenApply(nothing -> errors);
        });
    }

    private MemoryRecords batch(TxnMarkerEntry marker) {
        ControlRecordType type = marker.transactionResult() == TransactionResult.COMMIT
                ? ControlRecordType.COMMIT
                : ControlRecordType.ABORT;
        return MemoryRecords.withEndTransactionMarker(
                0L,
                clock.millis(),
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                marker.producerId(),
                marker.producerEpoch(),
                new EndTransactionMarker(type, marker.coordinatorEpoch()));
    }

    /** A group that is not here any more finds the marker when it is loaded elsewhere, so failing does not matter. */
    private CompletableFuture<Void> tellGroups(TxnMarkerEntry marker, Map<TopicPartition, AppendResult> results) {
        List<Integer> offsets = results.entrySet().stream()
                .filter(result -> result.getKey().topic().equals(Topic.GROUP_METADATA_TOPIC_NAME)
                        && result.getValue().error() == Errors.NONE)
                .map(result -> result.getKey().partition())
                .toList();
        if (offsets.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        boolean commit = marker.transactionResult() == TransactionResult.COMMIT;
        return groups.completeTransaction(marker.producerId(), offsets, commit)
                .handle((nothing, error) -> (Void) null)
                .toCompletableFuture();
    }
}
