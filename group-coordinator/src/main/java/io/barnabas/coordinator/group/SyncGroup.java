// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Bytes;

/** Handing in the assignment, and fetching one's own. */
public final class SyncGroup {
    private static final Bytes NOTHING = Bytes.wrap(new byte[0]);

    private SyncGroup() {}

    /**
     * What a member hands in.
     *
     * @param groupInstanceId of a static member, else null
     * @param protocolType checked if not null (from v5)
     * @param protocolName checked if not null (from v5)
     * @param assignments by member id, from the leader; empty from everyone else
     */
    public record Request(
            String groupId,
            int generationId,
            String memberId,
            String groupInstanceId,
            String protocolType,
            String protocolName,
            Map<String, Bytes> assignments) {
        /** Copies the assignments. */
        public Request {
            assignments = Map.copyOf(assignments);
        }
    }

    /**
     * The answer.
     *
     * @param protocolType null on error
     * @param protocolName null on error
     * @param assignment the member's own; empty on error
     */
    public record Result(Errors error, String protocolType, String protocolName, Bytes assignment) {
        /** An answer that carries nothing but an error. */
        public static Result failed(Errors error) {
            return new Result(error, null, null, NOTHING);
        }
    }
}
