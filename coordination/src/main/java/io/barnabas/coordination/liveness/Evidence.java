// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.liveness;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import java.util.Set;

/** What an observer came to know, of one incarnation of a broker or of itself. */
public sealed interface Evidence {

    /** The brokers that are registered now, this observer included, as just read from the store. */
    record Registered(Set<BrokerIncarnation> brokers) implements Evidence {
        public Registered {
            brokers = Set.copyOf(brokers);
        }
    }

    /** The registration was read again, on {@link Step.Recheck}, and is still that of this incarnation. */
    record StillRegistered(BrokerIncarnation broker) implements Evidence {}

    /**
     * A request was answered at the registered endpoint: a process runs there.
     *
     * @param observer whether the broker said that it observes others and takes reports
     */
    record Answered(BrokerIncarnation broker, boolean observer) implements Evidence {}

    /** An established connection was closed or reset by the other side. Alone it proves nothing: idle ones are closed. */
    record ConnectionEnded(BrokerIncarnation broker) implements Evidence {}

    /** A connect to the registered endpoint was refused: nobody listens there. */
    record Refused(BrokerIncarnation broker) implements Evidence {}

    /** A probe was neither refused nor answered: it broke, ran out of time, or found no way. */
    record Unanswered(BrokerIncarnation broker) implements Evidence {}

    /** Another observer says that it has proof of its own. */
    record Reported(BrokerIncarnation reporter, BrokerIncarnation broker) implements Evidence {}

    /** This observer ran later than it meant to by this much. */
    record Late(long byMs) implements Evidence {}

    /** Whether this observer's own session with the store is connected. */
    record Session(boolean connected) implements Evidence {}
}
