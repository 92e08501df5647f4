// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler;

import io.barnabas.coordination.cluster.ClusterImage;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What every handler may need, whatever it answers.
 *
 * @param images the current picture of the cluster
 * @param clock the time of day
 * @param authorization who may do what
 * @param quotas how fast
 */
public record RequestServices(
        Supplier<ClusterImage> images, InstantSource clock, Authorization authorization, RequestQuotas quotas) {

    /** Services without an authorizer and without quotas. */
    public static RequestServices open(Supplier<ClusterImage> images, InstantSource clock) {
        return new RequestServices(images, clock, Authorization.NONE, RequestQuotas.UNLIMITED);
    }
}
