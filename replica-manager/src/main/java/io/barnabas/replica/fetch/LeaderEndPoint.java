// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import io.barnabas.replica.log.EpochEndOffset;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * A leader's broker, and the three questions a follower asks it. One connection of its own; {@code broker.peer}
 * implements it.
 *
 * <p>Every returned stage completes on {@link #executor()}, exceptionally when the request could not be sent, timed out
 * or the connection broke. All methods are called on that executor.
 */
public interface LeaderEndPoint extends AutoCloseable {
    /** Which end of a log is asked for. */
    enum LogEnd {
        EARLIEST,
        LATEST
    }

    /**
     * What to ask about an epoch.
     *
     * @param currentLeaderEpoch the epoch the follower knows, for fencing
     * @param leaderEpoch the epoch whose end is wanted
     */
    record EpochQuestion(int currentLeaderEpoch, int leaderEpoch) {}

    /**
     * The answer for one partition.
     *
     * @param error what went wrong, or {@link Errors#NONE}
     * @param epochEnd the largest epoch not larger than the asked one, and its end; undefined on error
     */
    record EpochAnswer(Errors error, EpochEndOffset epochEnd) {}

    /**
     * The answer to a question for an end of the log.
     *
     * @param error what went wrong, or {@link Errors#NONE}
     * @param offset the offset asked for
     */
    record OffsetAnswer(Errors error, long offset) {}

    /** The broker at the other end. */
    int leaderId();

    /** The one thread this end point answers on. */
    Executor executor();

    /** Whether fetches carry the last fetched epoch, so that the leader detects divergence (KIP-595, IBP 2.7). */
    boolean truncatesOnFetch();

    /** Whether the leader can be asked for the end of an epoch at all (KIP-101, IBP 0.11.0-IV2). */
    boolean knowsLeaderEpochs();

    /**
     * Sends a fetch. The records of the answer are slices of a network buffer, valid only until the stages that depend
     * on the returned one have run.
     *
     * @param maxWaitMs how long the leader may wait for data before it answers
     */
    CompletionStage<FetchAnswer> fetch(FetchPlan plan, int maxWaitMs);

    /** Asks where epochs ended. Partitions missing from the answer are to be asked for again. */
    CompletionStage<Map<TopicPartition, EpochAnswer>> offsetsForLeaderEpoch(Map<TopicPartition, EpochQuestion> asked);

    /** Asks for one end of a partition's log. */
    CompletionStage<OffsetAnswer> listOffset(TopicPartition partition, int currentLeaderEpoch, LogEnd end);

    /** Drops the connection; stages in flight complete exceptionally. Idempotent, does not wait. */
    @Override
    void close();

    /** Opens end points; the connection itself is made when first needed. */
    interface Factory {
        /** An end point of the leader for the fetcher of the given id. */
        LeaderEndPoint open(LeaderAddress leader, int fetcherId);
    }
}
