// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.partition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.barnabas.coordination.command.LeaderAndIsrCommand;
import io.barnabas.coordination.command.StopReplicaCommand;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the controller's orders one at a time, and those of the newest controller only. */
final class ControllerOrders {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerOrders.class);

    private final RoleChanges roles;
    private final ReplicaStops stops;
    private int controllerEpoch;

    ControllerOrders(RoleChanges roles, ReplicaStops stops) {
        this.roles = roles;
        this.stops = stops;
    }

    LeaderAndIsrCommand.Outcome take(LeaderAndIsrCommand command) {
        return exclusively(() -> {
            Errors error = note(command.controllerEpoch(), command.controllerId());
            return error == Errors.NONE
                    ? new LeaderAndIsrCommand.Outcome(Errors.NONE, roles.apply(command))
                    : new LeaderAndIsrCommand.Outcome(error, Map.of());
        });
    }

    StopReplicaCommand.Outcome take(StopReplicaCommand command) {
        return exclusively(() -> {
            Errors error = note(command.controllerEpoch(), command.controllerId());
            return error == Errors.NONE
                    ? new StopReplicaCommand.Outcome(Errors.NONE, stops.apply(command))
                    : new StopReplicaCommand.Outcome(error, Map.of());
        });
    }

    /** From the next order on, nothing is followed that this broker is not in sync with. */
    void leaving() {
        exclusively(roles::leaving);
    }

    Errors noteEpoch(int epoch) {
        return exclusively(() -> note(epoch, -1));
    }

    /** Does something between two orders. */
    void exclusively(Runnable action) {
        exclusively(() -> {
            action.run();
            return null;
        });
    }

    /**
     * Synchronised, and held while an order is carried out: orders must take effect one after the other. It is the outermost
     * lock; nothing waits for the store or for other brokers under it.
     */
    @CanIgnoreReturnValue
    private synchronized <T> T exclusively(Supplier<T> work) {
        return work.get();
    }

    private Errors note(int epoch, int controllerId) {
        if (epoch < controllerEpoch) {
            LOG.warn(
                    "Ignoring an order of controller {} since its controller epoch {} is old. "
                            + "The latest controller epoch known is {}",
                    controllerId,
                    epoch,
                    controllerEpoch);
            return Errors.STALE_CONTROLLER_EPOCH;
        }
        controllerEpoch = epoch;
        return Errors.NONE;
    }
}
