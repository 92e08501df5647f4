// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordination.store.CoordinationStore;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** All that exists only while this broker is the active controller: the state, the channels to brokers, the deciders. */
final class Term {
    final ControllerConfig config;
    final CoordinationStore store;
    final TopicRules rules;
    final SerialLoop loop;
    final ControllerState state;
    final BrokerChannels channels;
    final CommandBatch batch;
    final PartitionWriter writer;
    final ElectionDecider elections;

    Term(
            ControllerConfig config,
            CoordinationStore store,
            TopicRules rules,
            SerialLoop loop,
            BrokerCommandSender sender,
            ControllerEpoch epoch,
            Function<Term, CommandBatch.CommandListener> listener) {
        this.config = config;
        this.store = store;
        this.rules = rules;
        this.loop = loop;
        this.state = new ControllerState(epoch);
        this.channels = new BrokerChannels(sender, loop, config.retryBackoffMs(), config.leaderWaitMs());
        this.batch = new CommandBatch(config, state, channels, listener.apply(this));
        this.writer = new PartitionWriter(store.partitionStates(), state, batch, loop);
        this.elections = new ElectionDecider(state, config.usesLeaderRecovery());
    }

    /** The zkVersion of {@code /controller_epoch} in this term, which every write names. */
    int fence() {
        return state.term().zkVersion();
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
