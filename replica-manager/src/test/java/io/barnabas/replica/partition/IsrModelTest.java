// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever happens in whatever order, what was committed is on every replica that may be elected. */
class IsrModelTest {
    @Property(tries = 1500)
    void nothingCommittedIsEverLost(
            @ForAll @Size(max = 120) List<@IntRange(max = 999) Integer> steps,
            @ForAll @IntRange(min = 1, max = 2) int minIsr,
            @ForAll boolean strict) {
        IsrModel model = new IsrModel(minIsr, strict);
        for (int step : steps) {
            model.step(step);
            assertThat(model.violation()).as("after %s", model.history()).isNull();
        }
    }

    @Property(tries = 1500)
    void highWatermarkNeverPassesTheLeastEndOfTheCommittedIsr(
            @ForAll @Size(max = 120) List<@IntRange(max = 999) Integer> steps) {
        IsrModel model = new IsrModel(1, true);
        for (int step : steps) {
            model.step(step);
            assertThat(model.highWatermark())
                    .as("after %s", model.history())
                    .isLessThanOrEqualTo(model.leastEndOfIsr());
        }
    }
}
