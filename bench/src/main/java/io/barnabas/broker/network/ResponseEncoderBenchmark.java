// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.bench.HotPiece;
import io.barnabas.broker.network.wire.ResponseEncoder;
import io.barnabas.replica.log.FileSlice;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** From what was read of twelve partitions to what is written to the socket: small records are copied, large ones are sent from the file. */
public class ResponseEncoderBenchmark extends HotPiece {
    private static final short VERSION = 17;
    private static final int PARTITIONS = 12;

    /** Bytes of records of each partition. */
    @Param({"0", "1024", "65536"})
    public int bytes;

    private final RequestHeader request = new RequestHeader(ApiKeys.FETCH, VERSION, "bench", 1);
    private Path file;
    private FileChannel channel;
    private FetchResponse response;

    @Setup
    public void read() throws IOException {
        file = Files.createTempFile("bench", ".log");
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel.write(ByteBuffer.allocate(Math.max(1, bytes)), 0);
        LinkedHashMap<TopicIdPartition, PartitionData> partitions = new LinkedHashMap<>();
        Uuid topic = new Uuid(1, 2);
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.put(
                    new TopicIdPartition(topic, i, "bench"),
                    new PartitionData()
                            .setPartitionIndex(i)
                            .setHighWatermark(1_000_000)
                            .setRecords(new FileSlice(channel, 0, bytes)));
        }
        response = FetchResponse.of(Errors.NONE, 0, 1, partitions);
    }

    @TearDown
    public void delete() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }

    @Benchmark
    public int fetch() {
        List<Object> parts = ResponseEncoder.encode(PooledByteBufAllocator.DEFAULT, request, response, VERSION);
        parts.forEach(ReferenceCountUtil::release);
        return parts.size();
    }
}
