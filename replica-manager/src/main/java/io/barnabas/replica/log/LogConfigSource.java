// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

/** Where the log manager learns the configuration of a topic when it loads or creates a log of it. */
@FunctionalInterface
public interface LogConfigSource {
    /**
     * The topic's own settings, as far as they are known, over the broker's defaults. Must not block; any thread, also
     * under locks.
     */
    LogConfig configOf(String topic);

    /** Whether the topic's own settings were read; while they were not, no log of it may be created. */
    default boolean isKnown(String topic) {
        return true;
    }
}
