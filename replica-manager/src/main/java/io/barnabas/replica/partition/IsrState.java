// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import io.barnabas.coordination.cluster.LeaderRecoveryState;
import java.util.ArrayList;
import java.util.List;

/**
 * The in-sync set as the leader knows it: committed, or with a proposal under way (KIP-497).
 *
 * <p>While a proposal is under way the leader does not know whether the controller has taken it. It then counts with
 * whichever set makes both outcomes safe: {@link #maximalIsr} for the high watermark, {@link #isr} for
 * {@code min.insync.replicas} before an append.
 */
sealed interface IsrState {
    /** The set last committed. */
    List<Integer> isr();

    /** Every replica that is in sync, or may be by now. */
    List<Integer> maximalIsr();

    LeaderRecoveryState recoveryState();

    /** The state before the proposal; itself if there is none. */
    Committed lastCommitted();

    /** The set asked for; the committed one if nothing is. */
    List<Integer> proposedIsr();

    default boolean isPending() {
        return !(this instanceof Committed);
    }

    /** What the controller is known to have committed. */
    record Committed(List<Integer> isr, LeaderRecoveryState recoveryState) implements IsrState {
        static final Committed EMPTY = new Committed(List.of(), LeaderRecoveryState.RECOVERED);

        public Committed {
            isr = List.copyOf(isr);
        }

        @Override
        public List<Integer> maximalIsr() {
            return isr;
        }

        @Override
        public Committed lastCommitted() {
            return this;
        }

        @Override
        public List<Integer> proposedIsr() {
            return isr;
        }
    }

    /** A follower is to join: it counts for the high watermark at once. */
    record Expanding(Committed lastCommitted, int joining) implements IsrState {
        @Override
        public List<Integer> isr() {
            return lastCommitted.isr();
        }

        @Override
        public List<Integer> maximalIsr() {
            return proposedIsr();
        }

        @Override
        public LeaderRecoveryState recoveryState() {
            return LeaderRecoveryState.RECOVERED;
        }

        @Override
        public List<Integer> proposedIsr() {
            List<Integer> all = new ArrayList<>(lastCommitted.isr());
            all.add(joining);
            return List.copyOf(all);
        }
    }

    /** Followers are to leave: they count for the high watermark until the controller agreed. */
    record Shrinking(Committed lastCommitted, List<Integer> leaving) implements IsrState {
        public Shrinking {
            leaving = List.copyOf(leaving);
        }

        @Override
        public List<Integer> isr() {
            return lastCommitted.isr();
        }

        @Override
        public List<Integer> maximalIsr() {
            return lastCommitted.isr();
        }

        @Override
        public LeaderRecoveryState recoveryState() {
            return LeaderRecoveryState.RECOVERED;
        }

        @Override
        public List<Integer> proposedIsr() {
            List<Integer> rest = new ArrayList<>(lastCommitted.isr());
            rest.removeAll(leaving);
            return List.copyOf(rest);
        }
    }
}
