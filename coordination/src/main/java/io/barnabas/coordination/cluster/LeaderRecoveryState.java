// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.cluster;

/** Whether a leader was elected uncleanly and has yet to recover its state (KIP-704). */
public enum LeaderRecoveryState {
    RECOVERED((byte) 0),
    RECOVERING((byte) 1);

    private final byte value;

    LeaderRecoveryState(byte value) {
        this.value = value;
    }

    /** The value on the wire and in the znode's {@code leader_recovery_state}. */
    public byte value() {
        return value;
    }

    /** @throws IllegalArgumentException for a value the protocol does not know */
    public static LeaderRecoveryState of(byte value) {
        return switch (value) {
            case 0 -> RECOVERED;
            case 1 -> RECOVERING;
            default -> throw new IllegalArgumentException("unknown leader recovery state " + value);
        };
    }
}
