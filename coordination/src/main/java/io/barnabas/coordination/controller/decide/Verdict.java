// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import io.barnabas.coordination.cluster.LeaderAndIsr;
import java.util.List;

/**
 * What a decider says about one partition.
 *
 * @param next the state to write, null for no change
 * @param recipients the replicas to tell once it is written, or at once where nothing changes
 * @param isNew whether the partition is new to them
 * @param unclean whether the new leader was out of sync, so that records may be lost
 * @param refusal why nothing could be decided, null if something was
 */
public record Verdict(LeaderAndIsr next, List<Integer> recipients, boolean isNew, boolean unclean, String refusal) {
    /** Nothing to write, nobody to tell. */
    public static final Verdict NOTHING = new Verdict(null, List.of(), false, false, null);

    /** A state to write, and the replicas to tell of it. */
    public static Verdict change(LeaderAndIsr next, List<Integer> recipients) {
        return new Verdict(next, recipients, false, false, null);
    }

    /** Nothing could be decided. */
    public static Verdict refuse(String why) {
        return new Verdict(null, List.of(), false, false, why);
    }

    /** The state stands, but others are to hear of it (a replica outside the ISR went offline). */
    public static Verdict tell(List<Integer> recipients) {
        return new Verdict(null, recipients, false, false, null);
    }

    /** Whether there is a state to write. */
    public boolean isChange() {
        return next != null;
    }

    /** Whether nothing could be decided. */
    public boolean isRefusal() {
        return refusal != null;
    }
}
