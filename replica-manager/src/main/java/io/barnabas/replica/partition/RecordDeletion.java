// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.DeleteRecordsResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of DeleteRecords: raise each log's start, then wait until every live replica has done so (KIP-107). */
final class RecordDeletion {
    private static final Logger LOG = LoggerFactory.getLogger(RecordDeletion.class);

    private final Partitions partitions;
    private final TimeoutBuckets timeouts;

    RecordDeletion(Partitions partitions, TimeoutBuckets timeouts) {
        this.partitions = partitions;
        this.timeouts = timeouts;
    }

    CompletableFuture<Map<TopicPartition, DeleteRecordsResult>> delete(
            int timeoutMs, Map<TopicPartition, Long> offsets) {
        Waiting waiting = new Waiting();
        offsets.forEach((name, offset) -> begin(name, offset, waiting));
        waiting.begin();
        if (!waiting.future.isDone()) {
            timeouts.add(waiting, timeoutMs);
        }
        if (waiting.future.isDone()) {
            waiting.cancelTimeout();
        }
        return waiting.future;
    }

    private void begin(TopicPartition name, long offset, Waiting waiting) {
        try {
            if (Topic.isInternal(name.topic())) {
                throw new InvalidTopicException("Cannot delete records of internal topic " + name.topic());
            }
            Partition partition = partitions.require(name);
            long kept = partition.deleteRecords(offset);
            if (partition.lowWatermark() >= kept) {
                waiting.results.put(name, new DeleteRecordsResult(Errors.NONE, partition.lowWatermark()));
            } else {
                waiting.watches.add(new Watch(waiting, partition, kept));
            }
        } catch (RuntimeException e) {
            Errors error = Errors.forException(e);
            if (error == Errors.UNKNOWN_SERVER_ERROR) {
                LOG.error("Error deleting records of {}", name, e);
            }
            waiting.results.put(name, DeleteRecordsResult.failed(error));
        }
    }

    /** One request; answered once, under no lock. */
    private static final class Waiting extends TimeoutBuckets.Entry {
        private final CompletableFuture<Map<TopicPartition, DeleteRecordsResult>> future = new CompletableFuture<>();
        private final Map<TopicPartition, DeleteRecordsResult> results = new ConcurrentHashMap<>();
        private final List<Watch> watches = new ArrayList<>();
        private final AtomicInteger open = new AtomicInteger(1);

        private void begin() {
            open.addAndGet(watches.size());
            for (Watch watch : watches) {
                watch.partition.deletions().add(watch);
                watch.changed();
            }
            closeOne();
        }

        private void settle(Watch watch, DeleteRecordsResult result) {
            if (results.putIfAbsent(watch.partition.topicPartition(), result) != null) {
                return;
            }
            watch.partition.deletions().remove(watch);
            closeOne();
        }

        private void closeOne() {
            if (open.decrementAndGet() == 0) {
                cancelTimeout();
                future.complete(results);
            }
        }

        @Override
        void timedOut() {
            watches.forEach(watch -> settle(watch, DeleteRecordsResult.failed(Errors.REQUEST_TIMED_OUT)));
        }
    }

    /** One partition of a request. */
    private static final class Watch extends Watchers.Watcher {
        private final Waiting waiting;
        private final Partition partition;
        private final long offset;

        private Watch(Waiting waiting, Partition partition, long offset) {
            this.waiting = waiting;
            this.partition = partition;
            this.offset = offset;
        }

        @Override
        void changed() {
            RoleSnapshot role = partition.role();
            if (!role.isLeader()) {
                waiting.settle(this, DeleteRecordsResult.failed(Errors.NOT_LEADER_OR_FOLLOWER));
                return;
            }
            long low = partition.lowWatermark();
            if (low >= offset) {
                waiting.settle(this, new DeleteRecordsResult(Errors.NONE, low));
            }
        }

        @Override
        void interrupted() {
            changed();
        }
    }
}
