// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics the members of a group of consumers read, as told in their metadata. */
final class Subscriptions {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    /** The first version of the consumer protocol is a prefix of all others. */
    private static final short VERSION = 0;

    private Subscriptions() {}

    /**
     * @return null if that cannot be told: another protocol type, no protocol chosen, or metadata that does not parse
     */
    static Set<String> topics(String protocolType, String protocolName, Collection<Member> members) {
        if (!ConsumerProtocol.PROTOCOL_TYPE.equals(protocolType)) {
            return null;
        }
        if (members.isEmpty()) {
            return Set.of();
        }
        if (protocolName == null) {
            return null;
        }
        Set<String> topics = new HashSet<>();
        for (Member member : members) {
            try {
                ByteBuffer metadata =
                        ByteBuffer.wrap(member.metadata(protocolName).get());
                ConsumerProtocol.deserializeVersion(metadata);
                topics.addAll(ConsumerProtocol.deserializeSubscription(metadata, VERSION)
                        .topics());
            } catch (SchemaException | BufferUnderflowException e) {
                LOG.warn("The subscription of {} cannot be read; its group's topics are unknown", member.memberId(), e);
                return null;
            }
        }
        return topics;
    }
}
