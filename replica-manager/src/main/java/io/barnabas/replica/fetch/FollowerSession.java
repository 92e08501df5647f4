// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import io.barnabas.replica.fetch.FetchPlan.ForgottenPartition;
import io.barnabas.replica.fetch.FetchPlan.PartitionFetch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/**
 * A follower's side of a fetch session (KIP-227): its id and epoch, and how they move with the leader's answers. Which
 * partitions the leader knows is kept at the partitions. Owned by the fetcher's loop.
 */
final class FollowerSession {
    private static final int NO_SESSION = 0;
    private static final int INITIAL_EPOCH = 0;

    private int id = NO_SESSION;
    private int epoch = INITIAL_EPOCH;
    private boolean usesTopicIds;
    private int sentInFull;

    /** Whether the next fetch has to name every partition. */
    boolean isFull() {
        return epoch == INITIAL_EPOCH;
    }

    /** A fetch that names all partitions and asks for a new session, closing the one there was. */
    FetchPlan full(List<PartitionFetch> partitions, boolean topicIds) {
        usesTopicIds = topicIds;
        sentInFull = partitions.size();
        return new FetchPlan(id, epoch, topicIds, partitions, List.of());
    }

    /** The next fetch of the session. */
    FetchPlan incremental(List<PartitionFetch> changed, List<ForgottenPartition> forgotten) {
        return new FetchPlan(id, epoch, usesTopicIds, changed, forgotten);
    }

    /** Whether the session can go on now that all its partitions have, or not all have, topic ids. */
    boolean fits(boolean topicIds) {
        return isFull() || usesTopicIds == topicIds;
    }

    /** Gives up the session; the next fetch closes it at the leader and begins another. */
    void restart() {
        epoch = INITIAL_EPOCH;
    }

    /** Forgets the session altogether. */
    private void reset() {
        id = NO_SESSION;
        epoch = INITIAL_EPOCH;
    }

    /**
     * Takes in an answer.
     *
     * @param known whether each partition of the answer is one the leader was asked for
     * @return whether its partitions are to be believed; otherwise the next fetch starts over
     */
    boolean handle(FetchAnswer answer, boolean known) {
        if (answer.error() != Errors.NONE) {
            if (answer.error() == Errors.FETCH_SESSION_ID_NOT_FOUND) {
                reset();
            } else {
                restart();
            }
            return false;
        }
        return isFull() ? handleFull(answer, known) : handleIncremental(answer, known);
    }

    private boolean handleFull(FetchAnswer answer, boolean known) {
        if (!known || answer.partitions().size() != sentInFull) {
            reset();
            return false;
        }
        if (answer.sessionId() == NO_SESSION) {
            reset();
        } else {
            id = answer.sessionId();
            epoch = 1;
        }
        return true;
    }

    private boolean handleIncremental(FetchAnswer answer, boolean known) {
        if (!known) {
            restart();
            return false;
        }
        if (answer.sessionId() == NO_SESSION) {
            reset();
        } else {
            epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        }
        return true;
    }

    /** What to tell the leader to drop: partitions that left, unless they are fetched anew under the same topic id. */
    static List<ForgottenPartition> forgotten(
            Map<TopicPartition, Uuid> left, Map<TopicPartition, FetchedPartition> partitions) {
        if (left.isEmpty()) {
            return List.of();
        }
        List<ForgottenPartition> forgotten = new ArrayList<>(left.size());
        left.forEach((topicPartition, topicId) -> {
            FetchedPartition now = partitions.get(topicPartition);
            boolean fetchedAgain = now != null && now.inSession;
            if (!fetchedAgain || !now.topicId().equals(topicId)) {
                forgotten.add(new ForgottenPartition(topicPartition, topicId, fetchedAgain));
            }
        });
        return forgotten;
    }
}
