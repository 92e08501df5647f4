// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.znode;

import com.fasterxml.jackson.databind.JsonNode;
import io.barnabas.coordination.cluster.LeaderAndIsr;
import io.barnabas.coordination.cluster.LeaderRecoveryState;
import io.barnabas.coordination.store.StoredPartitionState;
import io.barnabas.coordination.store.error.StoreDataException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code /brokers/topics/T/partitions/P/state}, format 1; written by hand, since there are very many of them. */
public final class PartitionStateCodec {
    private PartitionStateCodec() {}

    /** The node of a state. */
    public static byte[] encode(StoredPartitionState state) {
        LeaderAndIsr leaderAndIsr = state.leaderAndIsr();
        StringBuilder json = new StringBuilder(96)
                .append("{\"controller_epoch\":")
                .append(state.controllerEpoch())
                .append(",\"leader\":")
                .append(leaderAndIsr.leader())
                .append(",\"version\":1");
        if (leaderAndIsr.recoveryState() != LeaderRecoveryState.RECOVERED) {
            json.append(",\"leader_recovery_state\":")
                    .append(leaderAndIsr.recoveryState().value());
        }
        json.append(",\"leader_epoch\":").append(leaderAndIsr.leaderEpoch()).append(",\"isr\":[");
        List<Integer> isr = leaderAndIsr.isr();
        for (int i = 0; i < isr.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            json.append(isr.get(i).intValue());
        }
        return json.append("]}").toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** @param zkVersion the node's version, which becomes the partition epoch */
    public static StoredPartitionState decode(String path, byte[] data, int zkVersion) {
        JsonNode json = Json.parse(path, data);
        LeaderAndIsr leaderAndIsr = new LeaderAndIsr(
                Json.requiredInt(path, json, "leader"),
                Json.requiredInt(path, json, "leader_epoch"),
                Json.ints(path, Json.required(path, json, "isr")),
                recoveryState(path, json.get("leader_recovery_state")),
                zkVersion);
        return new StoredPartitionState(leaderAndIsr, Json.requiredInt(path, json, "controller_epoch"));
    }

    private static LeaderRecoveryState recoveryState(String path, JsonNode value) {
        if (value == null || value.isNull()) {
            return LeaderRecoveryState.RECOVERED;
        }
        try {
            return LeaderRecoveryState.of((byte) value.asInt());
        } catch (IllegalArgumentException e) {
            throw new StoreDataException(path + ": " + e.getMessage());
        }
    }
}
