// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import io.barnabas.coordination.command.UpdateMetadataCommand;
import io.barnabas.coordination.event.DecisionEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * The controller's commands to one incarnation of one broker: in order, one in flight, each repeated until it is answered
 * or the broker is gone. Owned by the loop's thread. Metadata that waits behind a slow answer is merged, so that the queue
 * of a broker that hangs grows with what changes, not with how often.
 */
final class BrokerChannel {
    private final BrokerCommandSender sender;
    private final SerialLoop loop;
    private final long retryBackoffMs;
    private final Deque<Order<?>> waiting = new ArrayDeque<>();
    private BrokerInfo broker;
    private Order<?> inFlight;
    private boolean closed;
    private boolean failureTold;

    BrokerChannel(BrokerInfo broker, BrokerCommandSender sender, SerialLoop loop, long retryBackoffMs) {
        this.broker = broker;
        this.sender = sender;
        this.loop = loop;
        this.retryBackoffMs = retryBackoffMs;
    }

    BrokerInfo broker() {
        return broker;
    }

    /** The same incarnation under other endpoints. */
    void update(BrokerInfo updated) {
        broker = updated;
    }

    void enqueue(LeaderAndIsrCommand command, Consumer<LeaderAndIsrCommand.Outcome> onAnswer) {
        add(new Order<>(null, () -> sender.send(broker, command), onAnswer));
    }

    void enqueue(StopReplicaCommand command, Consumer<StopReplicaCommand.Outcome> onAnswer) {
        add(new Order<>(null, () -> sender.send(broker, command), onAnswer));
    }

    void enqueue(UpdateMetadataCommand command, Consumer<Errors> onAnswer) {
        Order<?> last = waiting.peekLast();
        if (last != null && last.metadata != null) {
            waiting.removeLast();
            UpdateMetadataCommand merged = merge(last.metadata, command);
            @SuppressWarnings("unchecked")
            Consumer<Errors> earlier = (Consumer<Errors>) last.onAnswer;
            add(new Order<>(merged, () -> sender.send(broker, merged), earlier.andThen(onAnswer)));
        } else {
            add(new Order<>(command, () -> sender.send(broker, command), onAnswer));
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
        if (inFlight == null && !closed) {
            inFlight = waiting.poll();
            if (inFlight != null) {
                send(inFlight);
            }
        }
    }

    private <T> void send(Order<T> order) {
        CompletableFuture<T> answer;
        try {
            answer = order.send.get();
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        loop.hop(answer).whenComplete((outcome, failure) -> answered(order, outcome, failure));
    }

    private <T> void answered(Order<T> order, T outcome, Throwable failure) {
        if (closed) {
            return;
        }
        if (failure != null) {
            tellFailure(failure);
            loop.schedule(() -> retry(order), retryBackoffMs);
            return;
        }
        failureTold = false;
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
            DecisionEvent.of("command-repeated")
                    .with("broker", broker.id())
                    .with("brokerEpoch", broker.epoch())
                    .because("the broker did not answer: " + failure);
        }
    }

    /** Drops what waits: the broker is gone, or this controller's term is over. */
    void close() {
        closed = true;
        waiting.clear();
    }

    /** A command that waits or is in flight; {@code metadata} is set where it can be merged. */
    private record Order<T>(
            UpdateMetadataCommand metadata, Supplier<CompletableFuture<T>> send, Consumer<T> onAnswer) {}
}
