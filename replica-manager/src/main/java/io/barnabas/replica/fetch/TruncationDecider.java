// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.fetch;

import io.barnabas.replica.log.EpochEndOffset;
import java.util.Optional;

/** Where a follower's log parts from its leader's (KIP-101, KIP-279). */
final class TruncationDecider {
    /**
     * What to do with the log.
     *
     * @param offset cut here
     * @param complete whether the logs then agree; otherwise the leader is asked again, for the epoch now last
     */
    record Truncation(long offset, boolean complete) {}

    private TruncationDecider() {}

    /**
     * Decides from the leader's answer for the follower's last epoch, or from the divergence it told with a fetch.
     *
     * @param leader the leader's largest epoch not above the asked one, and its end
     * @param fetchOffset where the follower set out: its high watermark where it has no better knowledge
     * @param log the follower's log
     */
    static Truncation decide(EpochEndOffset leader, long fetchOffset, FollowerLog log) {
        if (leader.endOffset() == EpochEndOffset.UNDEFINED_OFFSET) {
            return new Truncation(fetchOffset, true);
        }
        long logEnd = log.logEndOffset();
        if (leader.leaderEpoch() == EpochEndOffset.UNDEFINED_EPOCH) {
            return new Truncation(Math.min(leader.endOffset(), logEnd), true);
        }
        Optional<EpochEndOffset> own = log.endOffsetForEpoch(leader.leaderEpoch());
        if (own.isEmpty()) {
            return new Truncation(Math.min(leader.endOffset(), logEnd), true);
        }
        long ownEnd = own.get().endOffset();
        if (own.get().leaderEpoch() != leader.leaderEpoch()) {
            // The follower never saw the leader's epoch: drop what came after the one before it, and ask again.
            return new Truncation(Math.min(ownEnd, logEnd), false);
        }
        return new Truncation(Math.min(Math.min(ownEnd, leader.endOffset()), logEnd), true);
    }
}
