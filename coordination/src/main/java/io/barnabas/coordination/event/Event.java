// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.event;

/**
 * A decision of consequence: what happened, the facts, and why. Each kind is a record of its own, declared by the package
 * that decides; its name is the event's name and its components are the facts, in order. See {@link EventLine} for how
 * it is written.
 *
 * <p>A record implements this and nothing else; it is immutable and holds values, not live objects, so that a sink may
 * keep it.
 */
public interface Event {
    /** The cause, a short sentence. */
    String why();
}
