// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.session;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.barnabas.replica.FetchCommand;
import io.barnabas.replica.FetchResult;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/**
 * All fetch sessions of this broker, bounded. When full, a new session takes the place of one not used for
 * {@link #EVICTION_MS}, or of a smaller or less privileged one that has existed that long; otherwise the fetcher goes on
 * without a session. Thread-safe.
 */
public final class FetchSessionCache {
    /** Kafka's {@code MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS}. */
    public static final long EVICTION_MS = 120_000L;

    private final int maxSessions;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<Integer, FetchSession> sessions = new HashMap<>();
    private final TreeMap<LastUsed, FetchSession> byLastUse = new TreeMap<>();
    private final TreeMap<Value, FetchSession> evictableByConsumers = new TreeMap<>();
    private final TreeMap<Value, FetchSession> evictableByFollowers = new TreeMap<>();
    private long evictions;

    /**
     * @param maxSessions {@code max.incremental.fetch.session.cache.slots}; 0 for no sessions at all
     * @param random chooses session ids
     */
    public FetchSessionCache(int maxSessions, InstantSource clock, RandomGenerator random) {
        this.maxSessions = maxSessions;
        this.clock = clock;
        this.random = random;
    }

    private record LastUsed(long lastUsedMs, int id) implements Comparable<LastUsed> {
        private static final Comparator<LastUsed> ORDER =
                Comparator.comparingLong(LastUsed::lastUsedMs).thenComparingInt(LastUsed::id);

        static LastUsed of(FetchSession session) {
            return new LastUsed(session.lastUsedMs(), session.id());
        }

        @Override
        public int compareTo(LastUsed other) {
            return ORDER.compare(this, other);
        }
    }

    /** What a session is worth keeping: followers' over consumers', large over small. */
    private record Value(boolean privileged, int size, int id) implements Comparable<Value> {
        private static final Comparator<Value> ORDER = Comparator.comparing(Value::privileged)
                .thenComparingInt(Value::size)
                .thenComparingInt(Value::id);

        static Value of(FetchSession session) {
            return new Value(session.privileged(), session.cachedSize(), session.id());
        }

        @Override
        public int compareTo(Value other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * A request's session part.
     *
     * @param sessionId the session, 0 for none
     * @param epoch 0 for a full fetch that wants a session, -1 for one that wants none, otherwise the next of the session
     * @param usesTopicIds whether it is of Fetch v13 or newer
     * @param fromFollower whether a follower asks
     * @param partitions what is added or changed; in a full fetch everything
     * @param forgotten what is dropped
     */
    public record Request(
            int sessionId,
            int epoch,
            boolean usesTopicIds,
            boolean fromFollower,
            List<FetchCommand.Partition> partitions,
            List<TopicIdPartition> forgotten) {
        boolean isFull() {
            return epoch == FetchSession.INITIAL_EPOCH || epoch == FetchSession.FINAL_EPOCH;
        }
    }

    /**
     * The context a request is to be served in.
     *
     * @param topicNames names of topic ids, null if unknown
     */
    public FetchContext contextOf(Request request, Function<Uuid, String> topicNames) {
        return request.isFull() ? full(request) : exclusively(() -> incremental(request, topicNames));
    }

    /** {@code NumIncrementalFetchSessions}. */
    public int size() {
        return exclusively(sessions::size);
    }

    /** {@code NumIncrementalFetchPartitionsCached}. */
    public long partitions() {
        return exclusively(() ->
                sessions.values().stream().mapToLong(FetchSession::cachedSize).sum());
    }

    /** {@code IncrementalFetchSessionEvictionsPerSec}'s count. */
    public long evictions() {
        return exclusively(() -> evictions);
    }

    private FetchContext full(Request request) {
        if (request.sessionId() != FetchSession.INVALID_ID) {
            exclusively(() -> close(request.sessionId()));
        }
        return request.epoch() == FetchSession.FINAL_EPOCH
                ? new Sessionless(request.partitions())
                : new Full(this, request);
    }

    /** Synchronised: the sessions and the orders they are kept in are one state of several maps. */
    @CanIgnoreReturnValue
    private synchronized <T> T exclusively(Supplier<T> work) {
        return work.get();
    }

    private boolean close(int id) {
        FetchSession session = sessions.get(id);
        if (session != null) {
            remove(session);
        }
        return session != null;
    }

    private FetchContext incremental(Request request, Function<Uuid, String> topicNames) {
        FetchSession session = sessions.get(request.sessionId());
        if (session == null) {
            return new Refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        FetchSession.Turn turn = session.turn(request, topicNames);
        if (turn.error() != Errors.NONE) {
            return new Refused(turn.error());
        }
        if (turn.partitions().isEmpty()) {
            remove(session);
            return new Sessionless(request.partitions());
        }
        touch(session, clock.millis());
        return new Incremental(session, turn.epoch(), turn.partitions());
    }

    /** @return the new session's id, 0 if there is no room */
    private int maybeCreate(Request request, List<FetchResult> results) {
        long nowMs = clock.millis();
        boolean room =
                sessions.size() < maxSessions || tryEvict(new Value(request.fromFollower(), results.size(), 0), nowMs);
        if (!room) {
            return FetchSession.INVALID_ID;
        }
        LinkedHashMap<CachedPartition.Key, CachedPartition> partitions = new LinkedHashMap<>();
        request.partitions()
                .forEach(asked ->
                        partitions.put(CachedPartition.Key.of(asked.topicIdPartition()), new CachedPartition(asked)));
        results.forEach(result -> {
            CachedPartition partition = partitions.get(CachedPartition.Key.of(result.topicIdPartition()));
            if (partition != null) {
                partition.told(result);
            }
        });
        FetchSession session =
                new FetchSession(newId(), request.fromFollower(), request.usesTopicIds(), nowMs, partitions);
        sessions.put(session.id(), session);
        touch(session, nowMs);
        return session.id();
    }

    private int newId() {
        int id;
        do {
            id = random.nextInt(1, Integer.MAX_VALUE);
        } while (sessions.containsKey(id));
        return id;
    }

    private boolean tryEvict(Value newcomer, long nowMs) {
        Map.Entry<LastUsed, FetchSession> oldest = byLastUse.firstEntry();
        if (oldest == null) {
            return false;
        }
        if (nowMs - oldest.getKey().lastUsedMs() > EVICTION_MS) {
            evict(oldest.getValue());
            return true;
        }
        Map.Entry<Value, FetchSession> least =
                (newcomer.privileged() ? evictableByFollowers : evictableByConsumers).firstEntry();
        if (least == null || newcomer.compareTo(least.getKey()) < 0) {
            return false;
        }
        evict(least.getValue());
        return true;
    }

    private void evict(FetchSession session) {
        evictions++;
        remove(session);
    }

    private void remove(FetchSession session) {
        sessions.remove(session.id());
        unlink(session);
    }

    private void unlink(FetchSession session) {
        byLastUse.remove(LastUsed.of(session));
        evictableByConsumers.remove(Value.of(session));
        evictableByFollowers.remove(Value.of(session));
    }

    private void touch(FetchSession session, long nowMs) {
        unlink(session);
        session.used(nowMs);
        byLastUse.put(LastUsed.of(session), session);
        boolean settled = nowMs - session.createdMs() > EVICTION_MS;
        if (settled || !session.privileged()) {
            evictableByFollowers.put(Value.of(session), session);
        }
        if (settled) {
            evictableByConsumers.put(Value.of(session), session);
        }
    }

    private record Refused(Errors error) implements FetchContext {
        @Override
        public List<FetchCommand.Partition> partitions() {
            return List.of();
        }

        @Override
        public Answer answer(List<FetchResult> results) {
            return new Answer(error, FetchSession.INVALID_ID, List.of());
        }
    }

    private record Sessionless(List<FetchCommand.Partition> partitions) implements FetchContext {
        @Override
        public Errors error() {
            return Errors.NONE;
        }

        @Override
        public Answer answer(List<FetchResult> results) {
            return new Answer(Errors.NONE, FetchSession.INVALID_ID, results);
        }
    }

    private record Full(FetchSessionCache cache, Request request) implements FetchContext {
        @Override
        public Errors error() {
            return Errors.NONE;
        }

        @Override
        public List<FetchCommand.Partition> partitions() {
            return request.partitions();
        }

        @Override
        public Answer answer(List<FetchResult> results) {
            return new Answer(Errors.NONE, cache.exclusively(() -> cache.maybeCreate(request, results)), results);
        }
    }

    private record Incremental(FetchSession session, int expectedEpoch, List<FetchCommand.Partition> partitions)
            implements FetchContext {
        @Override
        public Errors error() {
            return Errors.NONE;
        }

        @Override
        public Answer answer(List<FetchResult> results) {
            return session.news(expectedEpoch, results);
        }
    }
}
