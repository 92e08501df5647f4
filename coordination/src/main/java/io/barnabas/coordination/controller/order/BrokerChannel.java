// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.order;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import io.barnabas.coordination.controller.BrokerCommandSender;
import io.barnabas.coordination.controller.event.OrderEvents;
import io.barnabas.coordination.event.EventSink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * The controller's commands to one incarnation of one broker: in order, one in flight, each repeated until it is
 * answered or the broker is gone. Owned by the loop's thread. Metadata that waits behind a slow answer is merged, so
 * that the queue of a broker that hangs grows with what changes, not with how often.
 *
 * <p>Metadata at the head of the queue is held back until the leaders it names have answered their orders, so that no
 * broker tells clients of a leader that does not know yet. A leader that lets a broker wait for longer than
 * {@code leaderWaitMs} is not waited for by any, until it answers something.
 */
final class BrokerChannel {
    private final BrokerCommandSender sender;
    private final ScheduledExecutorService loop;
    private final EventSink events;
    private final long retryBackoffMs;
    private final long leaderWaitMs;
    private final Deque<Order<?>> waiting = new ArrayDeque<>();
    /** Orders to this broker to lead that others' metadata may wait for, oldest first. */
    private final Deque<LeaderOrder> unsettled = new ArrayDeque<>();

    private BrokerInfo broker;
    private Order<?> inFlight;
    /** Stands for the hold of the order at the head, null if it is not held back. */
    private Object hold;

    private boolean awaited;
    private boolean closed;
    private boolean failureTold;

    /**
     * @param retryBackoffMs how long to wait before a command is repeated
     * @param leaderWaitMs how long metadata may be held back for leaders; 0 holds nothing back
     */
    BrokerChannel(
            BrokerInfo broker,
            BrokerCommandSender sender,
            ScheduledExecutorService loop,
            EventSink events,
            long retryBackoffMs,
            long leaderWaitMs) {
        this.broker = broker;
        this.sender = sender;
        this.loop = loop;
        this.events = events;
        this.retryBackoffMs = retryBackoffMs;
        this.leaderWaitMs = leaderWaitMs;
        this.awaited = leaderWaitMs > 0;
    }

    BrokerInfo broker() {
        return broker;
    }

    /** The same incarnation under other endpoints. */
    void update(BrokerInfo updated) {
        broker = updated;
    }

    /** Returns the order, for metadata that is to wait for it. */
    LeaderOrder enqueue(LeaderAndIsrCommand command, Consumer<LeaderAndIsrCommand.Outcome> onAnswer) {
        LeaderOrder lead = new LeaderOrder(this);
        if (awaited && !closed) {
            unsettled.add(lead);
        } else {
            lead.settle();
        }
        Consumer<LeaderAndIsrCommand.Outcome> answered = outcome -> {
            if (unsettled.remove(lead)) {
                lead.settle();
            }
            onAnswer.accept(outcome);
        };
        add(new Order<>(null, Set.of(), () -> sender.send(broker, command), answered));
        return lead;
    }

    void enqueue(StopReplicaCommand command, Consumer<StopReplicaCommand.Outcome> onAnswer) {
        add(new Order<>(null, Set.of(), () -> sender.send(broker, command), onAnswer));
    }

    /** @param leaders orders that are to be settled first */
    void enqueue(UpdateMetadataCommand command, Set<LeaderOrder> leaders, Consumer<Errors> onAnswer) {
        leaders.forEach(leader -> leader.whenSettled(this::sendNext));
        Order<?> last = waiting.peekLast();
        if (last != null && last.metadata != null) {
            waiting.removeLast();
            UpdateMetadataCommand merged = merge(last.metadata, command);
            Set<LeaderOrder> all = new LinkedHashSet<>(last.leaders);
            all.addAll(leaders);
            @SuppressWarnings("unchecked")
            Consumer<Errors> earlier = (Consumer<Errors>) last.onAnswer;
            add(new Order<>(merged, all, () -> sender.send(broker, merged), earlier.andThen(onAnswer)));
        } else {
            add(new Order<>(command, leaders, () -> sender.send(broker, command), onAnswer));
        }
    }

    private static UpdateMetadataCommand merge(UpdateMetadataCommand earlier, UpdateMetadataCommand later) {
        Map<TopicPartition, UpdateMetadataCommand.Partition> partitions = new LinkedHashMap<>();
        earlier.partitions().forEach(p -> partitions.put(p.topicPartition(), p));
        later.partitions().forEach(p -> partitions.put(p.topicPartition(), p));
        return new UpdateMetadataCommand(
                later.controllerId(),
                later.controllerEpoch(),
                later.brokerEpoch(),
                later.liveBrokers(),
                List.copyOf(partitions.values()));
    }

    private void add(Order<?> order) {
        waiting.add(order);
        sendNext();
    }

    private void sendNext() {
        Order<?> next = waiting.peek();
        if (inFlight != null || closed || next == null || isHeldBack(next)) {
            return;
        }
        hold = null;
        inFlight = waiting.remove();
        send(inFlight);
    }

    private boolean isHeldBack(Order<?> next) {
        if (next.leaders.stream().allMatch(LeaderOrder::isSettled)) {
            return false;
        }
        if (hold == null) {
            Object mine = new Object();
            hold = mine;
            loop.schedule(() -> heldLongEnough(mine), leaderWaitMs, TimeUnit.MILLISECONDS);
        }
        return true;
    }

    private void heldLongEnough(Object overdue) {
        Order<?> next = waiting.peek();
        if (overdue != hold || closed || next == null) {
            return;
        }
        next.leaders.stream().filter(leader -> !leader.isSettled()).toList().forEach(LeaderOrder::giveUp);
    }

    /** Nobody's metadata waits for this broker any longer, until it answers something. */
    void giveUp() {
        if (awaited) {
            events.record(new OrderEvents.LeaderNotAwaited(
                    broker.id(),
                    broker.epoch(),
                    "it did not answer LeaderAndIsr in " + leaderWaitMs
                            + " ms; until it answers, metadata does not wait for it"));
        }
        awaited = false;
        settleAll();
    }

    private void settleAll() {
        List<LeaderOrder> orders = List.copyOf(unsettled);
        unsettled.clear();
        orders.forEach(LeaderOrder::settle);
    }

    private <T> void send(Order<T> order) {
        CompletableFuture<T> answer;
        try {
            answer = order.send.get();
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenCompleteAsync((outcome, failure) -> answered(order, outcome, failure), loop);
    }

    private <T> void answered(Order<T> order, T outcome, Throwable failure) {
        if (closed) {
            return;
        }
        if (failure != null) {
            tellFailure(failure);
            awaited = false;
            settleAll();
            loop.schedule(() -> retry(order), retryBackoffMs, TimeUnit.MILLISECONDS);
            return;
        }
        failureTold = false;
        awaited = leaderWaitMs > 0;
        inFlight = null;
        order.onAnswer.accept(outcome);
        sendNext();
    }

    private void retry(Order<?> order) {
        if (!closed) {
            send(order);
        }
    }

    private void tellFailure(Throwable failure) {
        if (!failureTold) {
            failureTold = true;
            events.record(new OrderEvents.CommandRepeated(
                    broker.id(), broker.epoch(), "the broker did not answer: " + failure));
        }
    }

    /** The broker is gone: drops what waits, and lets go who waits for it. */
    void close() {
        end();
        settleAll();
    }

    /** This controller's term is over: drops what waits, and nothing more is sent. */
    void end() {
        closed = true;
        waiting.clear();
    }

    /**
     * A command that waits or is in flight; {@code metadata} is set where it can be merged, {@code leaders} are the
     * orders that are to be settled before it is sent.
     */
    private record Order<T>(
            UpdateMetadataCommand metadata,
            Set<LeaderOrder> leaders,
            Supplier<CompletableFuture<T>> send,
            Consumer<T> onAnswer) {}
}
