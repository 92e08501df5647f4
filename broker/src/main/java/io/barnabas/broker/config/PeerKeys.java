// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import io.barnabas.broker.config.key.ProtocolVersion;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * How this broker speaks to its peers.
 *
 * @param protocolVersion {@code inter.broker.protocol.version}
 * @param requestTimeoutMs {@code request.timeout.ms}
 * @param connectionSetupTimeoutMs {@code socket.connection.setup.timeout.ms}
 * @param connectionSetupTimeoutMaxMs {@code socket.connection.setup.timeout.max.ms}
 * @param controllerSocketTimeoutMs {@code controller.socket.timeout.ms}
 */
public record PeerKeys(
        ProtocolVersion protocolVersion,
        int requestTimeoutMs,
        long connectionSetupTimeoutMs,
        long connectionSetupTimeoutMaxMs,
        int controllerSocketTimeoutMs) {
    static PeerKeys from(AbstractConfig values) {
        return new PeerKeys(
                ProtocolVersion.parse(values.getString("inter.broker.protocol.version")),
                values.getInt("request.timeout.ms"),
                values.getLong("socket.connection.setup.timeout.ms"),
                values.getLong("socket.connection.setup.timeout.max.ms"),
                values.getInt("controller.socket.timeout.ms"));
    }
}
