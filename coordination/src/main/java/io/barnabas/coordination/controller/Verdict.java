// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

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
record Verdict(LeaderAndIsr next, List<Integer> recipients, boolean isNew, boolean unclean, String refusal) {
    /** Nothing to write, nobody to tell. */
    static final Verdict NOTHING = new Verdict(null, List.of(), false, false, null);

    static Verdict change(LeaderAndIsr next, List<Integer> recipients) {
        return new Verdict(next, recipients, false, false, null);
    }

    static Verdict refuse(String why) {
        return new Verdict(null, List.of(), false, false, why);
    }

    /** The state stands, but others are to hear of it (a replica outside the ISR went offline). */
    static Verdict tell(List<Integer> recipients) {
        return new Verdict(null, recipients, false, false, null);
    }

    boolean isChange() {
        return next != null;
    }

    boolean isRefusal() {
        return refusal != null;
    }
}
