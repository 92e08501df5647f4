// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.transaction;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Where a transactional id stands. The ids, which are stored, and the names, which are shown, are Kafka's. */
public enum TransactionState {
    /** Has a producer id, and never wrote under its epoch. */
    EMPTY(0, "Empty"),
    /** Partitions take part, and may be written. */
    ONGOING(1, "Ongoing"),
    /** Decided: to be committed on every partition. */
    PREPARE_COMMIT(2, "PrepareCommit"),
    /** Decided: to be aborted on every partition. */
    PREPARE_ABORT(3, "PrepareAbort"),
    /** Every partition has its commit marker. */
    COMPLETE_COMMIT(4, "CompleteCommit"),
    /** Every partition has its abort marker. */
    COMPLETE_ABORT(5, "CompleteAbort"),
    /** Expired, about to be forgotten. Never stored. */
    DEAD(6, "Dead"),
    /** The epoch is being raised to shut a producer out; leads to {@link #PREPARE_ABORT}. Never stored. */
    PREPARE_EPOCH_FENCE(7, "PrepareEpochFence");

    private final byte id;
    private final String shownName;

    TransactionState(int id, String shownName) {
        this.id = (byte) id;
        this.shownName = shownName;
    }

    /** As stored. */
    public byte id() {
        return id;
    }

    /** As shown. */
    public String shownName() {
        return shownName;
    }

    /** The states from which this one is reached. */
    Set<TransactionState> previous() {
        return switch (this) {
            case EMPTY, DEAD -> EnumSet.of(EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT);
            case ONGOING -> EnumSet.of(ONGOING, EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT);
            case PREPARE_COMMIT, PREPARE_EPOCH_FENCE -> EnumSet.of(ONGOING);
            case PREPARE_ABORT -> EnumSet.of(ONGOING, PREPARE_EPOCH_FENCE);
            case COMPLETE_COMMIT -> EnumSet.of(PREPARE_COMMIT);
            case COMPLETE_ABORT -> EnumSet.of(PREPARE_ABORT);
        };
    }

    /** Whether an id in this state may expire: nothing is open. */
    boolean mayExpire() {
        return this == EMPTY || this == COMPLETE_COMMIT || this == COMPLETE_ABORT;
    }

    /** Whether the end is decided, and markers are to be written. */
    boolean isPrepared() {
        return this == PREPARE_COMMIT || this == PREPARE_ABORT;
    }

    /** The state of a name as shown, if there is one. */
    public static Optional<TransactionState> named(String name) {
        for (TransactionState state : values()) {
            if (state.shownName.equals(name)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    /** @throws IllegalStateException if no state has this id */
    static TransactionState of(byte id) {
        for (TransactionState state : values()) {
            if (state.id == id) {
                return state;
            }
        }
        throw new IllegalStateException("Unknown transaction state " + id + " in a record");
    }
}
