// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import io.barnabas.coordination.store.error.CoordinationException;
import io.barnabas.coordination.store.hint.ChangeHints;
import io.barnabas.coordination.store.session.CoordinationSession;

/**
 * The doors to the coordination store, one per role; hand each room only those it needs.
 *
 * <p>All operations are asynchronous, in bulk where it matters, and bounded in number and in time. Futures complete on the
 * store's own thread: what depends on them hops to its owner's loop and never blocks. Failures are {@link
 * CoordinationException}s, as usual inside a {@link java.util.concurrent.CompletionException} for dependent stages.
 */
public interface CoordinationStore extends AutoCloseable {
    CoordinationSession session();

    ClusterIdStore clusterIds();

    FeatureStore features();

    BrokerRegistry brokers();

    ControllerElection election();

    TopicStore topics();

    PartitionStateStore partitionStates();

    ConfigStore configs();

    AdminPaths adminPaths();

    ProducerIdStore producerIds();

    LegacyOffsetStore legacyOffsets();

    ChangeHints hints();

    /** Closes the session. */
    @Override
    void close();
}
