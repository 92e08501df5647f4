// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.bench.Batches;
import io.barnabas.bench.HotPiece;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** From a frame's bytes to a request: the two that a broker gets most of. */
public class RequestParserBenchmark extends HotPiece {
    private static final short PRODUCE_VERSION = 11;
    private static final short FETCH_VERSION = 17;
    private static final int FETCHED_PARTITIONS = 12;

    private ByteBuf produce;
    private ByteBuf fetch;

    @Setup
    public void makeFrames() {
        ProduceRequestData written =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000);
        written.topicData()
                .add(new ProduceRequestData.TopicProduceData()
                        .setName("bench")
                        .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                                .setIndex(0)
                                .setRecords(Batches.of(60, 1)))));
        produce = frame(ApiKeys.PRODUCE, new ProduceRequest(written, PRODUCE_VERSION));
        List<FetchRequestData.FetchPartition> partitions = new ArrayList<>();
        for (int i = 0; i < FETCHED_PARTITIONS; i++) {
            partitions.add(new FetchRequestData.FetchPartition()
                    .setPartition(i)
                    .setFetchOffset(1_000_000)
                    .setPartitionMaxBytes(1 << 20));
        }
        FetchRequestData read = new FetchRequestData().setMaxWaitMs(500).setMinBytes(1);
        read.topics().add(new FetchRequestData.FetchTopic().setPartitions(partitions));
        fetch = frame(ApiKeys.FETCH, new FetchRequest(read, FETCH_VERSION));
    }

    private static ByteBuf frame(ApiKeys api, AbstractRequest request) {
        ByteBuffer bytes = request.serializeWithHeader(new RequestHeader(api, request.version(), "bench", 1));
        ByteBuf frame = Unpooled.directBuffer(bytes.remaining());
        return frame.writeBytes(bytes);
    }

    /** One batch of 60 KB, which is not looked at. */
    @Benchmark
    public Object produce() {
        return RequestParser.parse(produce);
    }

    /** Twelve partitions, as at the beginning of a session. */
    @Benchmark
    public Object fetch() {
        return RequestParser.parse(fetch);
    }
}
