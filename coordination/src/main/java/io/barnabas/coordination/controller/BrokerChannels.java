// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.cluster.BrokerInfo;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The channels to all registered brokers in one term. Owned by the loop. */
final class BrokerChannels {
    private final SortedMap<Integer, BrokerChannel> channels = new TreeMap<>();
    private final BrokerCommandSender sender;
    private final SerialLoop loop;
    private final long retryBackoffMs;
    private final long leaderWaitMs;

    /** For the two waits see {@link BrokerChannel}. */
    BrokerChannels(BrokerCommandSender sender, SerialLoop loop, long retryBackoffMs, long leaderWaitMs) {
        this.sender = sender;
        this.loop = loop;
        this.retryBackoffMs = retryBackoffMs;
        this.leaderWaitMs = leaderWaitMs;
    }

    Optional<BrokerChannel> get(int broker) {
        return Optional.ofNullable(channels.get(broker));
    }

    void add(BrokerInfo broker) {
        channels.put(broker.id(), new BrokerChannel(broker, sender, loop, retryBackoffMs, leaderWaitMs));
    }

    void update(BrokerInfo broker) {
        get(broker.id()).ifPresent(channel -> channel.update(broker));
    }

    /** Ends the channel to an incarnation that is gone. */
    void remove(int broker) {
        BrokerChannel channel = channels.remove(broker);
        if (channel != null) {
            channel.close();
            sender.forget(channel.broker());
        }
    }

    /** Ends all: the term is over. */
    void close() {
        channels.values().forEach(BrokerChannel::end);
        channels.clear();
    }
}
