// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.controller.ControllerConfig;
import io.barnabas.coordination.controller.ControllerPorts;
import io.barnabas.coordination.controller.TopicRules;
import io.barnabas.coordination.controller.decide.DeletionProgress;
import io.barnabas.coordination.controller.decide.ElectionDecider;
import io.barnabas.coordination.controller.order.BrokerChannels;
import io.barnabas.coordination.controller.order.CommandBatch;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.picture.ClusterPicture;
import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordination.store.CoordinationStore;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * All that exists only while this broker is the active controller: its picture, the channels to brokers, the deciders.
 */
final class Term {
    final ControllerConfig settings;
    final ControllerEpoch epoch;
    final CoordinationStore store;
    final TopicRules rules;
    final EventSink events;
    final SerialLoop loop;
    final ClusterPicture picture;
    final DeletionProgress deletionProgress;
    final BrokerChannels channels;
    final CommandBatch batch;
    final PartitionWriter writer;
    final ElectionDecider elections;

    Term(
            ControllerConfig settings,
            CoordinationStore store,
            ControllerPorts ports,
            SerialLoop loop,
            ControllerEpoch epoch,
            Function<Term, CommandBatch.CommandListener> listener) {
        this.settings = settings;
        this.store = store;
        this.rules = ports.rules();
        this.events = ports.events();
        this.loop = loop;
        this.epoch = epoch;
        this.picture = new ClusterPicture();
        this.deletionProgress = new DeletionProgress(picture);
        this.channels = new BrokerChannels(
                ports.sender(), loop.executor(), events, settings.retryBackoffMs(), settings.leaderWaitMs());
        this.batch = new CommandBatch(settings.brokerId(), epoch.epoch(), picture, channels, listener.apply(this));
        this.writer = new PartitionWriter(store.partitionStates(), epoch, picture, batch, loop, events);
        this.elections = new ElectionDecider(picture, settings.usesLeaderRecovery());
    }

    /** The controller epoch of this term. */
    int epoch() {
        return epoch.epoch();
    }

    /** The zkVersion of {@code /controller_epoch} in this term, which every write names. */
    int fence() {
        return epoch.zkVersion();
    }

    /** Does something for each, one after the other. */
    static <T> CompletableFuture<Void> each(Iterable<T> items, Function<T, CompletableFuture<Void>> step) {
        CompletableFuture<Void> chain = CompletableFuture.completedFuture(null);
        for (T item : items) {
            chain = chain.thenCompose(done -> step.apply(item));
        }
        return chain;
    }

    static CompletableFuture<Void> done() {
        return CompletableFuture.completedFuture(null);
    }
}
