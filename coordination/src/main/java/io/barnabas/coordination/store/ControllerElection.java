// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.store.error.ControllerFencedException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** The race for {@code /controller}, and the terms it hands out. */
public interface ControllerElection {
    /** The active controller's broker id, empty if there is none. */
    CompletableFuture<OptionalInt> currentController();

    /** The latest term, empty if there never was a controller. */
    CompletableFuture<Optional<ControllerEpoch>> currentEpoch();

    /**
     * Runs for the role: the ephemeral {@code /controller} and the raised {@code /controller_epoch} are one transaction. A lost
     * race is an outcome, not a failure. A reply lost on the way is found out by reading, so that an outcome is always true.
     * Only for a broker that is not in office: if {@code /controller} is this very session's, the term it stands for was
     * given up without it, and a new one takes its place.
     */
    CompletableFuture<ElectionOutcome> elect(int brokerId);

    /** Gives the role up; nothing happens if it is held no longer. Fails with {@link ControllerFencedException} if another term began. */
    CompletableFuture<Void> resign(int controllerEpochZkVersion);

    /**
     * Ends the term of a controller whose process is proven dead, so that the race begins before its session ends. Exact:
     * {@code /controller} goes only if it belongs to the session that registered this incarnation, and only together with a
     * check that no other term began. Nothing else of the dead broker's is touched.
     *
     * @return whether it was this call that ended the term; false if that incarnation is not the controller
     */
    CompletableFuture<Boolean> endTermOf(BrokerIncarnation deadController);
}
