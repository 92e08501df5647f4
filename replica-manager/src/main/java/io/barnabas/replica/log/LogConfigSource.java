// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

/** Where the log manager learns the configuration of a topic when it loads or creates a log of it. */
@FunctionalInterface
public interface LogConfigSource {
    /** The topic's own settings over the broker's defaults. Must not block for long; any thread. */
    LogConfig configOf(String topic);
}
