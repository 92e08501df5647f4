// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.assembly;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.liveness.LivenessObserver;
import io.barnabas.broker.peer.PeerChannelSetup;
import io.barnabas.broker.platform.Platform;
import io.barnabas.coordination.liveness.Evidence;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How this broker notices that others die.
 *
 * @param observer watches them; empty with {@code barnabas.failure.detection=off}
 */
public record LivenessAssembly(Optional<LivenessObserver> observer) implements AutoCloseable {

    /** Nothing is watched before {@link #start()}. */
    public static LivenessAssembly of(
            Platform platform, CoordinationAssembly coordination, ControllerAssembly controller) {
        BarnabasConfig config = coordination.config();
        if (!config.own().detectsDeath()) {
            return new LivenessAssembly(Optional.empty());
        }
        LivenessObserver observer = new LivenessObserver(
                new LivenessObserver.Place(
                        coordination.brokerId(),
                        coordination.presence()::brokerEpoch,
                        config.listeners().interBrokerListener(),
                        coordination.knownController()),
                coordination.store(),
                platform.peers().open(FloorConfigs.liveness(coordination.brokerId()), PeerChannelSetup.PLAINTEXT),
                controller.controller(),
                platform.events(),
                platform.threads().timer(),
                platform.ticker());
        return new LivenessAssembly(Optional.of(observer));
    }

    /** Where other observers' reports go. */
    Consumer<Evidence.Reported> reports() {
        return report -> observer.ifPresent(present -> present.accept(report));
    }

    /** Begins to watch; call once this broker is registered. */
    public void start() {
        observer.ifPresent(LivenessObserver::start);
    }

    @Override
    public void close() {
        observer.ifPresent(LivenessObserver::close);
    }
}
