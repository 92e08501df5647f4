// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.controller.decide.Verdict;
import io.barnabas.coordination.controller.order.CommandBatch;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.picture.PartitionEntry;
import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordination.store.PartitionStateStore;
import io.barnabas.coordination.store.StateWrite;
import io.barnabas.coordination.store.StoredPartitionState;
import io.barnabas.coordination.store.error.ControllerFencedException;
import io.barnabas.coordination.store.error.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes what a decider says of many partitions at once, each on the condition of its zkVersion and of the controller's
 * term; what is written enters the state and the batch of commands. Where somebody else wrote first, the state is read
 * and the decider asked again. Owned by the loop.
 */
final class PartitionWriter {
    private static final int MAX_ATTEMPTS = 10;
    /**
     * New partitions beyond this many are written in parts: replicas make the logs of one while the next is written.
     */
    private static final int PART = 500;

    private final PartitionStateStore store;
    private final ControllerEpoch epoch;
    private final ClusterPicture picture;
    private final CommandBatch batch;
    private final SerialLoop loop;
    private final EventSink events;

    PartitionWriter(
            PartitionStateStore store,
            ControllerEpoch epoch,
            ClusterPicture picture,
            CommandBatch batch,
            SerialLoop loop,
            EventSink events) {
        this.store = store;
        this.epoch = epoch;
        this.picture = picture;
        this.batch = batch;
        this.loop = loop;
        this.events = events;
    }

    /**
     * Decides and writes. The future fails only as the whole does: the term is over or the store is gone.
     *
     * @param why what made the controller look, for the events
     */
    CompletableFuture<Result> apply(
            Collection<PartitionEntry> partitions, Function<PartitionEntry, Verdict> decider, String why) {
        Attempt attempt = new Attempt(decider, new DecisionLog(events, epoch.epoch(), why));
        return attempt.run(partitions, 1).thenApply(result -> {
            attempt.log.emit(result.refused);
            return result;
        });
    }

    /** Reads partitions' states again: somebody else wrote them. Those without a state are left as they are. */
    CompletableFuture<Void> refresh(Collection<PartitionEntry> partitions) {
        Map<TopicPartition, PartitionEntry> byId = new HashMap<>();
        partitions.forEach(p -> byId.put(p.id(), p));
        return loop.hop(store.read(byId.keySet()))
                .thenAccept(read -> read.forEach((id, found) -> {
                    if (found.controllerEpoch() > epoch.epoch()) {
                        throw new ControllerFencedException(
                                "the state of " + id + " was written by the controller of epoch "
                                        + found.controllerEpoch() + ", ours is " + epoch.epoch());
                    }
                    picture.lead(byId.get(id), found.leaderAndIsr(), found.controllerEpoch());
                }));
    }

    /** One call of {@link #apply}, over as many rounds as conflicts need. */
    private final class Attempt {
        private final Function<PartitionEntry, Verdict> decider;
        private final DecisionLog log;
        private final Result result = new Result(new ArrayList<>(), new LinkedHashMap<>());

        Attempt(Function<PartitionEntry, Verdict> decider, DecisionLog log) {
            this.decider = decider;
            this.log = log;
        }

        CompletableFuture<Result> run(Collection<PartitionEntry> partitions, int round) {
            Map<TopicPartition, Pending> pending = new LinkedHashMap<>();
            Map<TopicPartition, StoredPartitionState> creates = new LinkedHashMap<>();
            Map<TopicPartition, StoredPartitionState> updates = new LinkedHashMap<>();
            for (PartitionEntry partition : partitions) {
                Verdict verdict = decider.apply(partition);
                if (verdict.isRefusal()) {
                    result.refused.put(partition, verdict.refusal());
                } else if (verdict.isChange()) {
                    pending.put(partition.id(), new Pending(partition, verdict));
                    (partition.leaderAndIsr() == null ? creates : updates)
                            .put(partition.id(), new StoredPartitionState(verdict.next(), epoch.epoch()));
                } else if (!verdict.recipients().isEmpty()) {
                    batch.leaderAndIsr(verdict.recipients(), partition, false);
                }
            }
            if (pending.isEmpty()) {
                return CompletableFuture.completedFuture(result);
            }
            if (updates.isEmpty() && creates.size() > PART) {
                return createInParts(pending, creates, round);
            }
            return loop.hop(write(creates, updates)).thenCompose(outcomes -> {
                Unsettled rest = new Unsettled();
                collect(pending.values(), outcomes, rest);
                return settle(pending, rest, round);
            });
        }

        /** Sends all parts to the store at once; as soon as one is written, its replicas get their orders. */
        private CompletableFuture<Result> createInParts(
                Map<TopicPartition, Pending> pending, Map<TopicPartition, StoredPartitionState> creates, int round) {
            Unsettled rest = new Unsettled();
            List<CompletableFuture<Void>> parts = new ArrayList<>();
            List<Pending> all = List.copyOf(pending.values());
            for (int from = 0; from < all.size(); from += PART) {
                List<Pending> part = all.subList(from, Math.min(all.size(), from + PART));
                Map<TopicPartition, StoredPartitionState> states = new LinkedHashMap<>();
                part.forEach(one -> states.put(one.partition.id(), creates.get(one.partition.id())));
                parts.add(loop.hop(store.create(states, epoch.zkVersion())).thenAccept(outcomes -> {
                    collect(part, outcomes, rest);
                    batch.sendOrders();
                }));
            }
            return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                    .thenCompose(done -> settle(pending, rest, round));
        }

        private CompletableFuture<Map<TopicPartition, StateWrite>> write(
                Map<TopicPartition, StoredPartitionState> creates, Map<TopicPartition, StoredPartitionState> updates) {
            int term = epoch.zkVersion();
            if (creates.isEmpty()) {
                return store.update(updates, term);
            }
            if (updates.isEmpty()) {
                return store.create(creates, term);
            }
            return store.create(creates, term).thenCombine(store.update(updates, term), (created, updated) -> {
                Map<TopicPartition, StateWrite> all = new HashMap<>(created);
                all.putAll(updated);
                return all;
            });
        }

        /** Takes over what is written, and notes what is not. */
        private void collect(Collection<Pending> written, Map<TopicPartition, StateWrite> outcomes, Unsettled rest) {
            for (Pending one : written) {
                StateWrite write = outcomes.get(one.partition.id());
                switch (write.outcome()) {
                    case WRITTEN -> written(one, write.partitionEpoch());
                    case FENCED ->
                        throw new ControllerFencedException(
                                "a write of " + one.partition.id() + " in epoch " + epoch.epoch() + " was fenced");
                    case MISSING -> result.refused.put(one.partition, "its topic is gone from the store");
                    case CONFLICT -> rest.again.add(one.partition);
                    case UNKNOWN -> {
                        rest.unknown = true;
                        rest.again.add(one.partition);
                    }
                }
            }
        }

        private CompletableFuture<Result> settle(Map<TopicPartition, Pending> pending, Unsettled rest, int round) {
            List<PartitionEntry> again = rest.again;
            if (again.isEmpty()) {
                return CompletableFuture.completedFuture(result);
            }
            if (round >= MAX_ATTEMPTS) {
                if (rest.unknown) {
                    throw new StoreUnavailableException(
                            "the store does not say whether " + again.size() + " partition states were written");
                }
                again.forEach(p -> result.refused.put(p, "somebody else keeps writing its state"));
                return CompletableFuture.completedFuture(result);
            }
            return refresh(again).thenCompose(read -> run(unlessWritten(again, pending), round + 1));
        }

        /** Of partitions just read, those that do not hold what we meant to write. */
        private List<PartitionEntry> unlessWritten(
                List<PartitionEntry> partitions, Map<TopicPartition, Pending> pending) {
            List<PartitionEntry> rest = new ArrayList<>();
            for (PartitionEntry partition : partitions) {
                Pending meant = pending.get(partition.id());
                LeaderAndIsr now = partition.leaderAndIsr();
                if (now != null
                        && partition.controllerEpoch() == epoch.epoch()
                        && now.withPartitionEpoch(0).equals(meant.verdict.next().withPartitionEpoch(0))) {
                    written(meant, now.partitionEpoch());
                } else {
                    rest.add(partition);
                }
            }
            return rest;
        }

        private void written(Pending one, int partitionEpoch) {
            LeaderAndIsr after = one.verdict.next().withPartitionEpoch(partitionEpoch);
            picture.lead(one.partition, after, epoch.epoch());
            batch.leaderAndIsr(one.verdict.recipients(), one.partition, one.verdict.isNew());
            log.changed(one.partition, one.before, after, one.verdict.unclean());
            result.changed.add(one.partition);
        }
    }

    /** Partitions to decide about again. */
    private static final class Unsettled {
        private final List<PartitionEntry> again = new ArrayList<>();
        /** Whether the store did not say of one whether it was written. */
        private boolean unknown;
    }

    private record Pending(PartitionEntry partition, Verdict verdict, LeaderAndIsr before) {
        Pending(PartitionEntry partition, Verdict verdict) {
            this(partition, verdict, partition.leaderAndIsr());
        }
    }

    /**
     * What came of it.
     *
     * @param changed partitions whose new state is written
     * @param refused partitions for which nothing could be decided or written, and why
     */
    record Result(List<PartitionEntry> changed, Map<PartitionEntry, String> refused) {}
}
