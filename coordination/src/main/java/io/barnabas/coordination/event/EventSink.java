// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.event;

import java.util.List;

/**
 * Where events go: the log, and whatever else looks at them. Handed to every room that decides. Any thread may record, on
 * event loops and under locks, so a sink returns at once and throws nothing.
 */
@FunctionalInterface
public interface EventSink {
    /** Takes no notice. */
    EventSink NONE = event -> {};

    /** Takes note of an event. */
    void record(Event event);

    /** A sink that passes each event on to several, in order. */
    static EventSink all(List<EventSink> sinks) {
        List<EventSink> each = List.copyOf(sinks);
        return event -> each.forEach(sink -> sink.record(event));
    }
}
