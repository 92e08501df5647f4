// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler;

import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.meter.Meters;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What every handler may need, whatever it answers.
 *
 * @param images the current picture of the cluster
 * @param clock the time of day
 * @param authorization who may do what
 * @param quotas how fast
 * @param events where decisions are told
 * @param meters where what happens is counted
 */
public record RequestServices(
        Supplier<ClusterImage> images,
        InstantSource clock,
        Authorization authorization,
        RequestQuotas quotas,
        EventSink events,
        Meters meters) {

    /** Services without an authorizer and without quotas, which tell and count nothing. */
    public static RequestServices open(Supplier<ClusterImage> images, InstantSource clock) {
        return open(images, clock, EventSink.NONE, Meters.NONE);
    }

    /** Services without an authorizer and without quotas. */
    public static RequestServices open(
            Supplier<ClusterImage> images, InstantSource clock, EventSink events, Meters meters) {
        return new RequestServices(images, clock, Authorization.NONE, RequestQuotas.UNLIMITED, events, meters);
    }
}
