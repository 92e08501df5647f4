// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.membership;

import io.barnabas.coordination.cluster.Endpoint;
import io.barnabas.coordination.event.Event;
import java.util.List;

/** What is told of this broker's place in the cluster. */
final class MembershipEvents {
    private MembershipEvents() {}

    /**
     * The broker is in {@code /brokers/ids}, in a session it was not there in before.
     *
     * @param epoch the broker epoch, the czxid of the registration
     */
    record BrokerRegistered(int broker, long epoch, String why) implements Event {}

    /** The registration was rewritten while the broker runs. */
    record BrokerRegistrationUpdated(int broker, List<Endpoint> endpoints, String why) implements Event {}
}
