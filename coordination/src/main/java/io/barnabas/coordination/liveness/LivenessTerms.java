// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.liveness;

/**
 * The bounds of {@link DeathDecider}.
 *
 * @param refusalSpacingMs the least time from the first refused connect to the one that makes proof of both
 * @param refusalFreshMs how long a refused connect counts
 * @param reportFreshMs how long another observer's report counts
 * @param lateMaxMs an observer that ran later than this doubts itself
 * @param doubtForMs how long it does
 * @param budgetMs the least time between two verdicts about one broker id
 * @param probeMinMs the shortest wait between two probes
 * @param probeMaxMs the longest wait between two probes of a broker that does not answer
 */
public record LivenessTerms(
        long refusalSpacingMs,
        long refusalFreshMs,
        long reportFreshMs,
        long lateMaxMs,
        long doubtForMs,
        long budgetMs,
        long probeMinMs,
        long probeMaxMs) {

    /** The bounds in use. */
    public static final LivenessTerms DEFAULT = new LivenessTerms(20, 1_500, 5_000, 100, 1_000, 10_000, 5, 1_000);
}
