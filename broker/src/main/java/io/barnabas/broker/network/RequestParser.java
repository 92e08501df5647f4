// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.network.wire.MalformedRequestException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** Turns a frame into a header and a request, at the APIs and versions a broker in ZooKeeper mode serves. */
final class RequestParser {
    private RequestParser() {}

    /**
     * A request as it came in.
     *
     * @param header its header
     * @param request its body; may refer to the frame's bytes if its API takes records
     */
    record Parsed(RequestHeader header, AbstractRequest request) {
        /** The version its answer is written in: that of the request, 0 for an ApiVersions too new for us (KIP-35). */
        short responseVersion() {
            return request.version();
        }

        /** Whether the request refers to the frame's bytes. */
        boolean usesFrame() {
            return header.apiKey().requiresDelayedAllocation;
        }
    }

    /** @throws InvalidRequestException if the connection has to be closed */
    static Parsed parse(ByteBuf frame) {
        ByteBuffer bytes = frame.nioBuffer();
        RequestHeader header = RequestHeader.parse(bytes);
        ApiKeys api = header.apiKey();
        short version = header.apiVersion();
        if (!api.inScope(ListenerType.ZK_BROKER) || !api.isVersionEnabled(version, false)) {
            throw new MalformedRequestException(
                    "request API " + api.name + " version " + version + " is not enabled here");
        }
        return new Parsed(header, parseBody(api, version, bytes));
    }

    private static AbstractRequest parseBody(ApiKeys api, short version, ByteBuffer bytes) {
        if (api == ApiKeys.API_VERSIONS && !api.isVersionSupported(version)) {
            return new ApiVersionsRequest(new ApiVersionsRequestData(), (short) 0, version);
        }
        try {
            return AbstractRequest.parseRequest(api, version, bytes).request;
        } catch (RuntimeException e) {
            throw new MalformedRequestException(
                    "a request " + api.name + " version " + version + " cannot be read: " + e.getMessage());
        }
    }
}
