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
    /** The session all of this runs in. */
    CoordinationSession session();

    /** The cluster's id. */
    ClusterIdStore clusterIds();

    /** The finalized features (KIP-584). */
    FeatureStore features();

    /** The registrations of brokers. */
    BrokerRegistry brokers();

    /** The race for the controller's role. */
    ControllerElection election();

    /** Topics and their assignments. */
    TopicStore topics();

    /** Leaders and in-sync sets. */
    PartitionStateStore partitionStates();

    /** The configuration of topics, brokers, users, clients and addresses. */
    ConfigStore configs();

    /** What tools and brokers leave for the controller. */
    AdminPaths adminPaths();

    /** Blocks of producer ids. */
    ProducerIdStore producerIds();

    /** Offsets that clients of version 0 commit to ZooKeeper. */
    LegacyOffsetStore legacyOffsets();

    /** Hints of changes. */
    ChangeHints hints();

    /** Closes the session. */
    @Override
    void close();
}
