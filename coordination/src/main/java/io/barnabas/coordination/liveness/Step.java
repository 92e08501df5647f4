// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.liveness;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import java.util.Set;

/** What an observer is to do. */
public sealed interface Step {

    /** Connect to the broker's registered endpoint, or use the connection there is, and ask for an answer. */
    record Probe(BrokerIncarnation broker, long afterMs) implements Step {}

    /** Read the broker's registration again; if it is still this incarnation's, {@link Evidence.StillRegistered}. */
    record Recheck(BrokerIncarnation broker) implements Step {}

    /** Tell the other observers that this one has proof. */
    record Report(BrokerIncarnation broker, Set<BrokerIncarnation> to) implements Step {}

    /**
     * The broker's process is dead: act.
     *
     * @param sinceEndMs how long ago the last connection to it ended
     * @param refusals how many connects were refused since
     * @param witnesses the other observers that have proof too; empty where there is no other broker
     */
    record ProvenDead(BrokerIncarnation broker, long sinceEndMs, int refusals, Set<BrokerIncarnation> witnesses)
            implements Step {}

    /** The broker answered after it had been called dead: it lives. */
    record Withdraw(BrokerIncarnation broker) implements Step {}
}
