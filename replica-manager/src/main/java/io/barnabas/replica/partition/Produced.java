// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.replica.AppendCommand;
import io.barnabas.replica.AppendResult;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * One request's appends: some done at once, some put off to other threads. When the last was tried, the request is
 * answered, or with acks=all begins to wait for the in-sync replicas.
 */
final class Produced {
    private final AppendCommand command;
    private final TimeoutBuckets timeouts;
    private final WaitingProduce waiting;
    private final Map<TopicPartition, AppendResult> results = new ConcurrentHashMap<>();
    private final CompletableFuture<Map<TopicPartition, AppendResult>> future;
    private final AtomicInteger untried;

    Produced(AppendCommand command, TimeoutBuckets timeouts) {
        this.command = command;
        this.timeouts = timeouts;
        int partitions = command.records().size();
        this.waiting = command.requiredAcks() == AppendCommand.ACKS_ALL ? new WaitingProduce(partitions) : null;
        this.future = waiting == null ? new CompletableFuture<>() : waiting.future();
        this.untried = new AtomicInteger(partitions + 1);
    }

    AppendCommand command() {
        return command;
    }

    /** The request to wait in, null unless acks=all. */
    WaitingProduce waiting() {
        return waiting;
    }

    CompletableFuture<Map<TopicPartition, AppendResult>> future() {
        return future;
    }

    /** A partition's append was tried. */
    void tried(TopicPartition partition, AppendResult result) {
        if (waiting == null) {
            results.put(partition, result);
        } else if (result.error() != Errors.NONE) {
            waiting.settle(partition, result);
        }
        countDown();
    }

    /** All partitions are done or put off. */
    void begun() {
        countDown();
    }

    private void countDown() {
        if (untried.decrementAndGet() > 0) {
            return;
        }
        if (waiting == null) {
            future.complete(results);
        } else if (waiting.seal()) {
            timeouts.add(waiting, command.timeoutMs());
            if (future.isDone()) {
                waiting.cancelTimeout();
            }
        }
    }
}
