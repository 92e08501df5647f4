// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** Requests as bytes, for tests. */
public final class Requests {
    static final String CLIENT_ID = "test-client";

    private Requests() {}

    static ProduceRequest produce(short acks) {
        return new ProduceRequest(new ProduceRequestData().setAcks(acks).setTimeoutMs(1000), (short) 9);
    }

    static ProduceRequest transactionalProduce() {
        return new ProduceRequest(
                new ProduceRequestData()
                        .setAcks((short) -1)
                        .setTransactionalId("t")
                        .setTimeoutMs(1000),
                (short) 9);
    }

    public static FetchRequest fetch() {
        return new FetchRequest(new FetchRequestData(), (short) 12);
    }

    static MetadataRequest metadata() {
        return new MetadataRequest(new MetadataRequestData().setTopics(List.of()), (short) 9);
    }

    static RequestHeader header(AbstractRequest request, int correlationId) {
        return new RequestHeader(request.apiKey(), request.version(), CLIENT_ID, correlationId);
    }

    /** A frame with its size. */
    static ByteBuf frame(AbstractRequest request, int correlationId) {
        return frame(request.serializeWithHeader(header(request, correlationId)));
    }

    static ByteBuf frame(ByteBuffer body) {
        return Unpooled.wrappedBuffer(Unpooled.buffer(4).writeInt(body.remaining()), Unpooled.wrappedBuffer(body));
    }

    public static AbstractResponse parse(ByteBuf frameWithSize, ApiKeys api, short version, int correlationId) {
        ByteBuffer body = frameWithSize.slice(4, frameWithSize.readInt()).nioBuffer();
        return AbstractResponse.parseResponse(body, new RequestHeader(api, version, CLIENT_ID, correlationId));
    }
}
