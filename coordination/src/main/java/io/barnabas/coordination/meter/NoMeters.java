// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.meter;

import java.util.function.Supplier;

/** Measures nothing. */
final class NoMeters implements Meters {
    private static final Counter COUNTER = change -> {};
    private static final Meter METER = occurrences -> {};
    private static final Histogram HISTOGRAM = value -> {};
    private static final Timer TIMER = nanos -> {};

    @Override
    public Counter counter(MeterName name) {
        return COUNTER;
    }

    @Override
    public Meter meter(MeterName name) {
        return METER;
    }

    @Override
    public Histogram histogram(MeterName name) {
        return HISTOGRAM;
    }

    @Override
    public Timer timer(MeterName name) {
        return TIMER;
    }

    @Override
    public void gauge(MeterName name, Supplier<? extends Number> value) {
        // nobody asks
    }

    @Override
    public void remove(MeterName name) {
        // nothing is kept
    }
}
