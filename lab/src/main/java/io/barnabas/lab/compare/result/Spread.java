// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

import java.util.Arrays;

/**
 * The same figure over several rounds.
 *
 * @param count rounds
 * @param median NaN without a round, as the following
 */
public record Spread(int count, double least, double median, double most) {
    static Spread of(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        int count = sorted.length;
        if (count == 0) {
            return new Spread(0, Double.NaN, Double.NaN, Double.NaN);
        }
        double median = count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
        return new Spread(count, sorted[0], median, sorted[count - 1]);
    }

    public boolean isPresent() {
        return count > 0;
    }

    @Override
    public String toString() {
        if (count == 0) {
            return "";
        }
        String middle = Metric.format(median);
        String low = Metric.format(least);
        String high = Metric.format(most);
        return low.equals(high) ? middle : middle + " (" + low + " to " + high + ")";
    }
}
