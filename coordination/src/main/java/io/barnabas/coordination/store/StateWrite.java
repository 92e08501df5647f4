// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

/**
 * How the write of one partition's state ended.
 *
 * @param outcome how
 * @param partitionEpoch the version the state has now, if it was written
 */
public record StateWrite(Outcome outcome, int partitionEpoch) {
    /** The ways a write can end. */
    public enum Outcome {
        WRITTEN,
        /** The version was another, or on creation the state existed: read again, decide again. */
        CONFLICT,
        /** The partition or its topic is gone. */
        MISSING,
        /** The controller's term is over. */
        FENCED,
        /** The store did not answer in time or the session ended: unknown, read again. */
        UNKNOWN
    }

    /** A state that was written. */
    public static StateWrite written(int partitionEpoch) {
        return new StateWrite(Outcome.WRITTEN, partitionEpoch);
    }

    /** A state that was not written, and why. */
    public static StateWrite failed(Outcome outcome) {
        return new StateWrite(outcome, Versions.ABSENT);
    }

    /** Whether the state was written. */
    public boolean isWritten() {
        return outcome == Outcome.WRITTEN;
    }
}
