// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.order;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.controller.BrokerCommandSender;
import io.barnabas.coordination.event.EventSink;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;

/** The channels to all registered brokers in one term. Owned by the loop. */
public final class BrokerChannels {
    private final SortedMap<Integer, BrokerChannel> channels = new TreeMap<>();
    private final BrokerCommandSender sender;
    private final ScheduledExecutorService loop;
    private final EventSink events;
    private final long retryBackoffMs;
    private final long leaderWaitMs;

    /**
     * @param sender carries commands to brokers
     * @param loop the controller's thread
     * @param events takes note of brokers that do not answer
     * @param retryBackoffMs how long to wait before a command is repeated
     * @param leaderWaitMs how long metadata may be held back for leaders; 0 holds nothing back
     */
    public BrokerChannels(
            BrokerCommandSender sender,
            ScheduledExecutorService loop,
            EventSink events,
            long retryBackoffMs,
            long leaderWaitMs) {
        this.sender = sender;
        this.loop = loop;
        this.events = events;
        this.retryBackoffMs = retryBackoffMs;
        this.leaderWaitMs = leaderWaitMs;
    }

    Optional<BrokerChannel> get(int broker) {
        return Optional.ofNullable(channels.get(broker));
    }

    /** Opens the channel to an incarnation that is registered. */
    public void add(BrokerInfo broker) {
        channels.put(broker.id(), new BrokerChannel(broker, sender, loop, events, retryBackoffMs, leaderWaitMs));
    }

    /** The same incarnation has other endpoints. */
    public void update(BrokerInfo broker) {
        get(broker.id()).ifPresent(channel -> channel.update(broker));
    }

    /** Ends the channel to an incarnation that is gone. */
    public void remove(int broker) {
        BrokerChannel channel = channels.remove(broker);
        if (channel != null) {
            channel.close();
            sender.forget(channel.broker());
        }
    }

    /** Ends all: the term is over. */
    public void close() {
        channels.values().forEach(BrokerChannel::end);
        channels.clear();
    }
}
