// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.event;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One decision of consequence as one line: what happened, the facts, and why.
 *
 * <p>Written to the logger {@code barnabas.events} as {@code what key=value … why="…"}: greppable by people, and
 * parseable by the views (metrics, console) that show the same events. Not thread-safe; build and emit in one place.
 */
@CheckReturnValue
public final class DecisionEvent {
    private static final Logger LOG = LoggerFactory.getLogger("barnabas.events");

    private final StringBuilder line;

    private DecisionEvent(String what) {
        this.line = new StringBuilder(160).append(what);
    }

    /** @param what the event's name, lower case with dashes, such as {@code leader-elected} */
    public static DecisionEvent of(String what) {
        return new DecisionEvent(Objects.requireNonNull(what));
    }

    /** Adds a fact; values with blanks or quotes are quoted. */
    @CanIgnoreReturnValue
    public DecisionEvent with(String key, Object value) {
        line.append(' ').append(key).append('=');
        appendValue(String.valueOf(value));
        return this;
    }

    /** Writes the event with its cause, a short sentence. */
    public void because(String why) {
        line.append(" why=\"").append(why.replace('"', '\'')).append('"');
        LOG.info("{}", line);
    }

    private void appendValue(String value) {
        if (value.indexOf(' ') < 0 && value.indexOf('"') < 0 && !value.isEmpty()) {
            line.append(value);
        } else {
            line.append('"').append(value.replace('"', '\'')).append('"');
        }
    }
}
