// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.event;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes events to the logger {@code barnabas.events}, each as one {@link EventLine} at INFO. Thread-safe. */
public final class EventLog implements EventSink {
    private static final Logger LOG = LoggerFactory.getLogger("barnabas.events");

    @Override
    public void record(Event event) {
        if (LOG.isInfoEnabled()) {
            LOG.info("{}", EventLine.of(event));
        }
    }
}
