// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.order;

import io.barnabas.coordination.picture.PartitionEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * A LeaderAndIsr on its way to a broker that is to lead. Metadata that names that leader waits until it is settled: the
 * broker has answered, is gone, or is not waited for any longer. Owned by the loop.
 */
final class LeaderOrder {
    private final BrokerChannel leader;
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean settled;

    LeaderOrder(BrokerChannel leader) {
        this.leader = leader;
    }

    /** Whether this orders the broker that leads the partition now, and is not settled yet. */
    boolean isAwaitedFor(PartitionEntry partition) {
        return !settled && partition.isLedBy(leader.broker().id());
    }

    boolean isSettled() {
        return settled;
    }

    /** Runs something as soon as this is settled; it must not be settled yet. */
    void whenSettled(Runnable action) {
        waiting.add(action);
    }

    void settle() {
        settled = true;
        List<Runnable> actions = List.copyOf(waiting);
        waiting.clear();
        actions.forEach(Runnable::run);
    }

    /** It took too long: its broker is not waited for any longer, until it answers something. */
    void giveUp() {
        leader.giveUp();
    }
}
