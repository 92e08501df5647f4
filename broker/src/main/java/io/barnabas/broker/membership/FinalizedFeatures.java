// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.membership;

import io.barnabas.coordination.store.FeatureSettings;
import io.barnabas.coordination.store.FeatureStore;
import io.barnabas.coordination.store.error.CoordinationException;
import io.barnabas.coordination.store.hint.ChangeHint;
import io.barnabas.coordination.store.hint.ChangeHints;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The epoch of the cluster's finalized features (KIP-584), followed as {@code /feature} changes. Thread-safe. */
public final class FinalizedFeatures implements LongSupplier, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FinalizedFeatures.class);
    private static final long UNKNOWN = -1L;

    private final FeatureStore store;
    private final ChangeHints hints;
    private volatile ChangeHints.Subscription subscription;
    private volatile long epoch = UNKNOWN;

    public FinalizedFeatures(FeatureStore store, ChangeHints hints) {
        this.store = store;
        this.hints = hints;
    }

    /** Follows from now on; what is there is hinted at once. */
    public void start() {
        subscription = hints.subscribe(Set.of(ChangeHint.Kind.FEATURES), changes -> read());
    }

    /** The version of {@code /feature}; -1 without it, where it is disabled, and before it was read. */
    @Override
    public long getAsLong() {
        return epoch;
    }

    private void read() {
        store.read().whenComplete((settings, failure) -> {
            if (failure == null) {
                take(settings);
            } else {
                // the next connection to the store brings the next hint
                LOG.warn("The finalized features could not be read: {}", messageOf(failure));
            }
        });
    }

    private synchronized void take(FeatureSettings settings) {
        epoch = settings.enabled() ? settings.version() : UNKNOWN;
    }

    private static String messageOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof CoordinationException ? cause.getMessage() : cause.toString();
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.close();
        }
    }
}
