// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

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
