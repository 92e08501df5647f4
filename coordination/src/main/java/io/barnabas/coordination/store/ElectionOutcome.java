// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a race for the controller's role ended.
 *
 * @param won this broker's term, if it won
 * @param controllerId who is the controller now: this broker, another, or unknown if it resigned meanwhile
 */
public record ElectionOutcome(Optional<ControllerEpoch> won, OptionalInt controllerId) {
    /** This broker won, with this epoch. */
    public static ElectionOutcome won(int brokerId, ControllerEpoch epoch) {
        return new ElectionOutcome(Optional.of(epoch), OptionalInt.of(brokerId));
    }

    /** Another broker is the controller, or nobody as yet. */
    public static ElectionOutcome lost(OptionalInt controllerId) {
        return new ElectionOutcome(Optional.empty(), controllerId);
    }
}
