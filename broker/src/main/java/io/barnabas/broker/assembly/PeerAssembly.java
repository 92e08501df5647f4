// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.assembly;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.peer.ControllerChannel;
import io.barnabas.broker.peer.PeerChannelSetup;
import io.barnabas.broker.peer.PeerClient;
import io.barnabas.broker.peer.PeerControllerChannel;
import io.barnabas.broker.platform.Platform;
import java.time.Duration;

/**
 * How this broker reaches the others; the lower floors' ports to peers are made of it.
 *
 * @param client connections to brokers
 * @param controller requests to whoever is the controller
 */
public record PeerAssembly(PeerClient client, ControllerChannel controller) {
    private static final Duration CONTROLLER_RETRY_BACKOFF = Duration.ofMillis(50);

    /** Nothing is connected before it is used. */
    public static PeerAssembly of(Platform platform, CoordinationAssembly coordination) {
        BarnabasConfig config = coordination.config();
        PeerClient client =
                platform.peers().open(FloorConfigs.peers(config, coordination.brokerId()), PeerChannelSetup.PLAINTEXT);
        ControllerChannel controller = new PeerControllerChannel(
                client,
                new PeerControllerChannel.Terms(
                        coordination.knownController(),
                        coordination.images()::image,
                        config.listeners().controllerListener(),
                        Duration.ofMillis(config.peers().controllerSocketTimeoutMs()),
                        CONTROLLER_RETRY_BACKOFF),
                platform.threads().timer(),
                platform.ticker());
        return new PeerAssembly(client, controller);
    }
}
