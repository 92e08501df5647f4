// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.hint;

import java.util.Set;

/** Watches as hints: false alarms are allowed, a change without a later hint is not. */
public interface ChangeHints {
    /**
     * Watches the given kinds until closed. When the watches stand, and after each reconnect and new session, every kind
     * is hinted once as a whole, so that reading upon hints alone gives a complete picture.
     */
    Subscription subscribe(Set<ChangeHint.Kind> kinds, ChangeListener listener);

    /** What ends the watching. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
