// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Which broker is the active controller, as this broker last read it from {@code /controller}. Written by the
 * controller's loop only, read by any thread.
 */
public final class KnownController implements Supplier<OptionalInt> {
    private volatile OptionalInt id = OptionalInt.empty();

    /** The broker's id; empty while there is none or this broker has no session. */
    @Override
    public OptionalInt get() {
        return id;
    }

    /** Takes note of what {@code /controller} says; only the controller's loop calls this. */
    public void is(OptionalInt now) {
        id = now;
    }
}
