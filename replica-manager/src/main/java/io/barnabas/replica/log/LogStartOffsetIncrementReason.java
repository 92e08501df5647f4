// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

/** Why a log's first offset moves up. */
public enum LogStartOffsetIncrementReason {
    LEADER_OFFSET_INCREMENTED("leader offset increment"),
    SEGMENT_DELETION("segment deletion"),
    CLIENT_RECORD_DELETION("client delete records request");

    private final String reason;

    LogStartOffsetIncrementReason(String reason) {
        this.reason = reason;
    }

    @Override
    public String toString() {
        return reason;
    }
}
