// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.session;

import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/** One fetcher's session. Its content is guarded by itself; its place in the cache, by the cache. */
final class FetchSession {
    static final int INVALID_ID = 0;
    static final int INITIAL_EPOCH = 0;
    static final int FINAL_EPOCH = -1;
    private static final int FIRST_INCREMENTAL_EPOCH = 1;

    private final int id;
    private final boolean privileged;
    private final boolean usesTopicIds;
    private final long createdMs;
    private final LinkedHashMap<CachedPartition.Key, CachedPartition> partitions;
    private int epoch = FIRST_INCREMENTAL_EPOCH;

    private long lastUsedMs;
    private int size;
    private int cachedSize = -1;

    FetchSession(
            int id,
            boolean privileged,
            boolean usesTopicIds,
            long createdMs,
            LinkedHashMap<CachedPartition.Key, CachedPartition> partitions) {
        this.id = id;
        this.privileged = privileged;
        this.usesTopicIds = usesTopicIds;
        this.createdMs = createdMs;
        this.lastUsedMs = createdMs;
        this.partitions = partitions;
        this.size = partitions.size();
    }

    int id() {
        return id;
    }

    /** Followers' sessions are, and are kept over consumers'. */
    boolean privileged() {
        return privileged;
    }

    long createdMs() {
        return createdMs;
    }

    /** Guarded by the cache. */
    long lastUsedMs() {
        return lastUsedMs;
    }

    /** The size the cache last counted, -1 before. Guarded by the cache. */
    int cachedSize() {
        return cachedSize;
    }

    /** The cache has counted it as of now. Guarded by the cache. */
    void used(long nowMs) {
        lastUsedMs = nowMs;
        cachedSize = size;
    }

    /**
     * What a request asks for with what was asked for before.
     *
     * @param error why the request is not the session's next, or none
     * @param epoch the epoch the next request must have
     * @param partitions all that is asked for, in the order bytes are granted; none ends the session
     */
    record Turn(Errors error, int epoch, List<FetchCommand.Partition> partitions) {
        private static Turn refused(Errors error) {
            return new Turn(error, FINAL_EPOCH, List.of());
        }
    }

    /**
     * Takes over what a request adds, changes and forgets. Synchronised here and in {@link #news}: two requests may name one
     * session at a time, and the cache's lock is not held while results are compared.
     */
    synchronized Turn turn(FetchSessionCache.Request request, Function<Uuid, String> topicNames) {
        if (epoch != request.epoch()) {
            return Turn.refused(Errors.INVALID_FETCH_SESSION_EPOCH);
        }
        if (usesTopicIds != request.usesTopicIds()) {
            return Turn.refused(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        update(request.partitions(), request.forgotten());
        size = partitions.size();
        if (size > 0) {
            // after the largest comes 1 again
            epoch = epoch == Integer.MAX_VALUE ? FIRST_INCREMENTAL_EPOCH : epoch + 1;
        }
        return new Turn(Errors.NONE, epoch, asked(topicNames));
    }

    private void update(List<FetchCommand.Partition> changed, List<TopicIdPartition> forgotten) {
        for (FetchCommand.Partition asked : changed) {
            CachedPartition.Key key = CachedPartition.Key.of(asked.topicIdPartition());
            CachedPartition known = partitions.get(key);
            if (known == null) {
                partitions.put(key, new CachedPartition(asked));
            } else {
                known.ask(asked);
            }
        }
        forgotten.forEach(partition -> partitions.remove(CachedPartition.Key.of(partition)));
    }

    private List<FetchCommand.Partition> asked(Function<Uuid, String> topicNames) {
        List<FetchCommand.Partition> all = new ArrayList<>(partitions.size());
        for (CachedPartition partition : partitions.values()) {
            partition.resolveName(topicNames);
            all.add(partition.asked());
        }
        return all;
    }

    /**
     * The part of the results that is news. Partitions that had data go to the end, so that the next fetch grants the
     * others their bytes first.
     *
     * @param expectedEpoch the epoch after this request; another means the session moved on in the meantime
     */
    synchronized FetchContext.Answer news(int expectedEpoch, List<FetchResult> results) {
        if (epoch != expectedEpoch) {
            return new FetchContext.Answer(Errors.INVALID_FETCH_SESSION_EPOCH, id, List.of());
        }
        List<FetchResult> news = new ArrayList<>();
        for (FetchResult result : results) {
            CachedPartition.Key key = CachedPartition.Key.of(result.topicIdPartition());
            CachedPartition partition = partitions.get(key);
            if (partition == null || partition.isNews(result)) {
                news.add(result);
            }
            if (partition != null && result.records().sizeInBytes() > 0) {
                partitions.remove(key);
                partitions.put(key, partition);
            }
        }
        return new FetchContext.Answer(Errors.NONE, id, news);
    }
}
