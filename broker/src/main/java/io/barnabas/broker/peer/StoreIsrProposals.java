// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.PartitionImage;
import io.barnabas.coordination.store.AdminPaths;
import io.barnabas.coordination.store.PartitionStateStore;
import io.barnabas.coordination.store.StateWrite;
import io.barnabas.coordination.store.StoredPartitionState;
import io.barnabas.coordination.store.Versions;
import io.barnabas.replica.partition.IsrProposals;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes ISRs as leaders did before AlterPartition (inter-broker protocol below 2.7): writes the partition's state
 * itself, on condition of its version, and tells the controller of many changes in one note some time later. A write
 * whose outcome is unknown is repeated until it is known. Thread-safe.
 */
public final class StoreIsrProposals implements IsrProposals {
    private static final Logger LOG = LoggerFactory.getLogger(StoreIsrProposals.class);
    private static final long ANNOUNCE_AFTER_MS = 2500L;
    private static final long RETRY_MS = 100L;

    private final PartitionStateStore states;
    private final AdminPaths notes;
    private final Supplier<ClusterImage> image;
    private final ScheduledExecutorService timer;
    private final Set<TopicPartition> unannounced = new HashSet<>();

    /** @param timer waits before notes and repetitions; its tasks are short */
    public StoreIsrProposals(
            PartitionStateStore states,
            AdminPaths notes,
            Supplier<ClusterImage> image,
            ScheduledExecutorService timer) {
        this.states = states;
        this.notes = notes;
        this.image = image;
        this.timer = timer;
    }

    @Override
    public CompletableFuture<Answer> propose(Proposal proposal) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        write(proposal, answer);
        return answer;
    }

    private void write(Proposal proposal, CompletableFuture<Answer> answer) {
        TopicPartition partition = proposal.topicPartition();
        int controllerEpoch = image.get()
                .partition(partition)
                .map(PartitionImage::controllerEpoch)
                .orElse(0);
        states.update(Map.of(partition, new StoredPartitionState(proposal.proposed(), controllerEpoch)), Versions.ANY)
                .whenComplete((written, failure) ->
                        onWritten(proposal, answer, failure == null ? written.get(partition) : null));
    }

    private void onWritten(Proposal proposal, CompletableFuture<Answer> answer, StateWrite written) {
        if (written == null || written.outcome() == StateWrite.Outcome.UNKNOWN) {
            later(
                    () -> write(proposal, answer),
                    RETRY_MS,
                    () -> answer.complete(Answer.refused(Errors.NETWORK_EXCEPTION)));
        } else if (written.isWritten()) {
            LeaderAndIsr state = proposal.proposed().withPartitionEpoch(written.partitionEpoch());
            announceLater(proposal.topicPartition());
            answer.complete(Answer.committed(state));
        } else {
            LOG.info("The ISR of {} was not changed: {}", proposal.topicPartition(), written.outcome());
            answer.complete(Answer.refused(Errors.INVALID_UPDATE_VERSION));
        }
    }

    private void announceLater(TopicPartition partition) {
        boolean first;
        synchronized (unannounced) {
            first = unannounced.isEmpty();
            unannounced.add(partition);
        }
        if (first) {
            later(this::announce, ANNOUNCE_AFTER_MS, () -> {});
        }
    }

    private void announce() {
        Set<TopicPartition> changed;
        synchronized (unannounced) {
            changed = Set.copyOf(unannounced);
            unannounced.clear();
        }
        notes.announceIsrChange(changed).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("The controller could not be told of {} changed ISRs: {}", changed.size(), failure.toString());
                changed.forEach(this::announceLater);
            }
        });
    }

    private void later(Runnable task, long delayMs, Runnable otherwise) {
        try {
            timer.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            otherwise.run();
        }
    }
}
