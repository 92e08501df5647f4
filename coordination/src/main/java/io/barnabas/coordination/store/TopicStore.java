// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import io.barnabas.coordination.store.error.ControllerFencedException;
import io.barnabas.coordination.store.error.EntryExistsException;
import io.barnabas.coordination.store.error.EntryMissingException;
import io.barnabas.coordination.store.error.VersionConflictException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Which topics there are and who is to hold their partitions. Writes check the controller's term and fail with {@link
 * ControllerFencedException} if it is over; {@link Versions#ANY} leaves the check out.
 */
public interface TopicStore {
    /** The names of all topics. */
    CompletableFuture<Set<String>> names();

    /** The named topics; those that do not exist are left out. */
    CompletableFuture<Map<String, TopicRecord>> read(Collection<String> names);

    /**
     * Creates a topic; {@link TopicRecord#version()} is ignored. Fails with {@link EntryExistsException} if it exists.
     *
     * @return what is stored now, with its version
     */
    CompletableFuture<TopicRecord> create(TopicRecord topic, int controllerEpochZkVersion);

    /**
     * Replaces a topic's record (partitions added, reassigned, an id given) on the condition of its version, which may be
     * {@link Versions#ANY}. Fails with {@link VersionConflictException} or {@link EntryMissingException}.
     *
     * @return what is stored now, with its new version
     */
    CompletableFuture<TopicRecord> update(TopicRecord topic, int controllerEpochZkVersion);

    /** Removes a topic with all its partitions' states; one already gone is no error. */
    CompletableFuture<Void> delete(String name, int controllerEpochZkVersion);

    /** The topics waiting to be deleted, {@code /admin/delete_topics}. */
    CompletableFuture<Set<String>> deletions();

    /** Asks for a topic's deletion. Fails with {@link EntryExistsException} if that was asked before. */
    CompletableFuture<Void> requestDeletion(String name, int controllerEpochZkVersion);

    /** Takes requests for deletion away, done or refused. */
    CompletableFuture<Void> removeDeletions(Collection<String> names, int controllerEpochZkVersion);
}
