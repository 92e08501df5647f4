// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import io.barnabas.coordination.store.ConfigChange;
import io.barnabas.coordination.store.ConfigEntity;
import io.barnabas.coordination.store.ConfigRecord;
import io.barnabas.coordination.store.ConfigStore;
import io.barnabas.coordination.store.hint.ChangeHint;
import io.barnabas.coordination.store.hint.ChangeHints;
import io.barnabas.coordination.store.session.SessionEvent;
import io.barnabas.coordination.store.session.SessionListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the notes that configuration changed, in order, and reads what they name. One pass runs at a time; a hint
 * that comes during a pass starts another after it. A pass that fails is tried again.
 *
 * <p>At start and with each new session everything that is followed is read again: notes are removed after a quarter
 * of an hour. To be added to the session's listeners.
 */
public final class ConfigChangeFollower implements SessionListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigChangeFollower.class);
    private static final Duration KEEP_NOTES = Duration.ofMinutes(15);
    private static final long RETRY_MS = 1_000L;

    private final ConfigStore store;
    private final ChangeHints hints;
    private final DynamicBrokerConfig broker;
    private final TopicConfigRepository topics;
    private final EntityConfigListener others;
    private final ScheduledExecutorService timer;
    private final int brokerId;

    private final AtomicBoolean dirty = new AtomicBoolean();
    private final AtomicBoolean everything = new AtomicBoolean(true);
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile boolean closed;
    private volatile ChangeHints.Subscription subscription;
    private long lastSequence = -1L; // touched by the running pass only

    /** @param timer runs nothing but the retry of a failed pass */
    public ConfigChangeFollower(
            int brokerId,
            ConfigStore store,
            ChangeHints hints,
            DynamicBrokerConfig broker,
            TopicConfigRepository topics,
            EntityConfigListener others,
            ScheduledExecutorService timer) {
        this.brokerId = brokerId;
        this.store = store;
        this.hints = hints;
        this.broker = broker;
        this.topics = topics;
        this.others = others;
        this.timer = timer;
    }

    /**
     * Reads the dynamic settings of this broker and the overrides of all topics, before anything is built on them.
     * Notes are followed only from {@link #start} on.
     */
    public CompletableFuture<Void> load() {
        return readBrokers().thenCompose(done -> topics.loadAll());
    }

    /** Follows from now on, until closed. */
    public void start() {
        subscription = hints.subscribe(Set.of(ChangeHint.Kind.CONFIG_CHANGES), this::hinted);
    }

    private void hinted(Set<ChangeHint> changes) {
        dirty.set(true);
        runIfIdle();
    }

    /** With a lost session notes may have come and gone unseen: everything is read again. */
    @Override
    public void onSessionEvent(SessionEvent event) {
        if (event.kind() == SessionEvent.Kind.NEW_SESSION) {
            everything.set(true);
            dirty.set(true);
            runIfIdle();
        }
    }

    private void runIfIdle() {
        if (closed || !dirty.get() || !running.compareAndSet(false, true)) {
            return;
        }
        dirty.set(false);
        boolean whole = everything.getAndSet(false);
        pass(whole).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("Configuration changes could not be read and will be read again: {}", failure.getMessage());
                everything.compareAndSet(false, whole);
            }
            running.set(false);
            if (failure == null) {
                runIfIdle();
            } else {
                retryLater();
            }
        });
    }

    private void retryLater() {
        dirty.set(true);
        if (!closed) {
            timer.schedule(this::runIfIdle, RETRY_MS, TimeUnit.MILLISECONDS);
        }
    }

    private CompletableFuture<Void> pass(boolean whole) {
        CompletableFuture<Void> before = whole
                ? CompletableFuture.allOf(readBrokers(), topics.reloadKnown())
                : CompletableFuture.completedFuture(null);
        return before.thenCompose(done -> store.changes(lastSequence)).thenCompose(this::follow);
    }

    private CompletableFuture<Void> follow(List<ConfigChange> changes) {
        if (changes.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Set<ConfigEntity> changed = changes.stream().map(ConfigChange::entity).collect(Collectors.toSet());
        List<CompletableFuture<Void>> reads = new ArrayList<>();
        reads.add(readTopics(changed));
        if (changed.contains(ConfigEntity.allBrokers()) || changed.contains(ConfigEntity.broker(brokerId))) {
            reads.add(readBrokers());
        }
        reads.add(readOthers(changed));
        return CompletableFuture.allOf(reads.toArray(CompletableFuture<?>[]::new))
                .thenRun(() -> {
                    lastSequence = changes.get(changes.size() - 1).sequence();
                    store.purgeChanges(KEEP_NOTES);
                });
    }

    private CompletableFuture<Void> readTopics(Set<ConfigEntity> changed) {
        return topics.reload(changed.stream()
                .filter(entity -> entity.type().equals(ConfigEntity.TOPICS))
                .map(ConfigEntity::name)
                .toList());
    }

    private CompletableFuture<Void> readBrokers() {
        ConfigEntity forAll = ConfigEntity.allBrokers();
        ConfigEntity forThis = ConfigEntity.broker(brokerId);
        return store.read(List.of(forAll, forThis))
                .thenAccept(records -> broker.update(
                        records.get(forAll).values(), records.get(forThis).values()));
    }

    private CompletableFuture<Void> readOthers(Set<ConfigEntity> changed) {
        List<ConfigEntity> entities = changed.stream()
                .filter(entity -> !entity.type().equals(ConfigEntity.TOPICS)
                        && !entity.type().equals(ConfigEntity.BROKERS))
                .toList();
        if (entities.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return store.read(entities).thenAccept(this::tellOthers);
    }

    private void tellOthers(Map<ConfigEntity, ConfigRecord> records) {
        records.forEach((entity, record) -> others.changed(entity, record.values()));
    }

    @Override
    public void close() {
        closed = true;
        if (subscription != null) {
            subscription.close();
        }
    }
}
