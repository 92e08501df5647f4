// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.meter;

import java.util.function.Supplier;

/**
 * Where rooms get their measures. Asking twice for a name gives the same measure. All of it is thread-safe; marking and
 * updating take no lock and allocate nothing, so that they may be done for every request. Whoever no longer needs a
 * measure of one of many (a topic that is deleted) removes it.
 */
public interface Meters {
    /** Measures nothing. */
    Meters NONE = new NoMeters();

    /** A number that goes up and down. */
    Counter counter(MeterName name);

    /** How often something happens. */
    Meter meter(MeterName name);

    /** How values are distributed. */
    Histogram histogram(MeterName name);

    /** How often something happens and how long it takes. */
    Timer timer(MeterName name);

    /** A value that is read when it is asked for; reading must be quick and must not block. */
    void gauge(MeterName name, Supplier<? extends Number> value);

    /** Forgets a measure of any kind. */
    void remove(MeterName name);

    /** A number that goes up and down. */
    @FunctionalInterface
    interface Counter {
        /** @param change negative to count down */
        void add(long change);
    }

    /** Counts occurrences and their rate. */
    @FunctionalInterface
    interface Meter {
        /** @param occurrences how many at once, 0 or more */
        void mark(long occurrences);
    }

    /** Values and their distribution. */
    @FunctionalInterface
    interface Histogram {
        /** Takes one value in. */
        void update(long value);
    }

    /** Occurrences and their durations. */
    @FunctionalInterface
    interface Timer {
        /** @param nanos how long one occurrence took */
        void update(long nanos);
    }
}
