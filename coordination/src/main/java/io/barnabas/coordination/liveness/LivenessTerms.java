// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.liveness;

import java.time.Duration;

/**
 * The bounds of {@link DeathDecider}.
 *
 * @param refusalSpacing the least time from the first refused connect to the one that makes proof of both
 * @param refusalFresh how long a refused connect counts
 * @param reportFresh how long another observer's report counts
 * @param lateMax an observer that ran later than this doubts itself
 * @param doubtFor how long it does
 * @param budget the least time between two verdicts about one broker id
 * @param probeMin the shortest wait between two probes
 * @param probeMax the longest wait between two probes of a broker that does not answer
 */
public record LivenessTerms(
        Duration refusalSpacing,
        Duration refusalFresh,
        Duration reportFresh,
        Duration lateMax,
        Duration doubtFor,
        Duration budget,
        Duration probeMin,
        Duration probeMax) {

    /** The bounds in use. */
    public static final LivenessTerms DEFAULT = new LivenessTerms(
            Duration.ofMillis(20),
            Duration.ofMillis(1_500),
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMillis(5),
            Duration.ofSeconds(1));
}
