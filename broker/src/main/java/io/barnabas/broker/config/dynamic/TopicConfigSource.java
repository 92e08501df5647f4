// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import java.util.Collection;
import java.util.concurrent.CompletionStage;

/** The topics' own settings, which must be known before a log of a topic is created. Thread-safe; nothing here blocks. */
public interface TopicConfigSource {
    /** Whether a topic's settings were read. */
    boolean isKnown(String topic);

    /** Reads the settings of those topics that are not known yet; fails while the coordination store is away. */
    CompletionStage<Void> read(Collection<String> topics);
}
