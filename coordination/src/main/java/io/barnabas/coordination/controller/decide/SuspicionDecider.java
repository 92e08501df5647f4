// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.picture.ClusterPicture;
import java.util.Optional;

/**
 * Whether the controller acts on what observers suspect. It does so for no more than half of the registered brokers:
 * where more seem dead, it is likely the controller that is cut off, and the sessions decide.
 */
public final class SuspicionDecider {
    private final ClusterPicture picture;
    private final int brokerId;

    /**
     * @param picture what is known of the cluster
     * @param brokerId the controller's own broker, which is never suspected
     */
    public SuspicionDecider(ClusterPicture picture, int brokerId) {
        this.picture = picture;
        this.brokerId = brokerId;
    }

    /** Why this run of a broker is not suspected, empty if it is to be. */
    public Optional<String> refusal(BrokerIncarnation incarnation) {
        if (!picture.isRegistered(incarnation)) {
            return Optional.of("it is not registered");
        }
        if (incarnation.id() == brokerId) {
            return Optional.of("it is the controller itself");
        }
        if (picture.isSuspected(incarnation.id())) {
            return Optional.of("it is suspected already");
        }
        int suspected = picture.suspectedBrokerIds().size() + 1;
        int registered = picture.brokers().size();
        return 2 * suspected > registered
                ? Optional.of("with it " + suspected + " of " + registered + " brokers would be suspected")
                : Optional.empty();
    }
}
