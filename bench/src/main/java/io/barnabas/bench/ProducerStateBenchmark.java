// SPDX-License-Identifier: Apache-2.0
package io.barnabas.bench;

import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.producer.ProducerAppend;
import io.barnabas.replica.log.producer.ProducerExpiry;
import io.barnabas.replica.log.producer.ProducerStates;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MutableRecordBatch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Whether an idempotent producer's next batch is new and in sequence, and taking note of it. */
public class ProducerStateBenchmark extends HotPiece {
    private static final int RECORDS = 10;

    /** How many producers take turns. */
    @Param({"1", "1000"})
    public int producers;

    private final List<Sender> senders = new ArrayList<>();
    private ProducerStates states;
    private int turn;
    private long offset;

    private record Sender(MutableRecordBatch batch, ByteBuffer bytes) {}

    @Setup
    public void makeProducers() {
        states = ProducerStates.empty(
                new TopicPartition("bench", 0), Path.of("bench"), new ProducerExpiry(() -> 86_400_000, 900_000));
        for (int id = 0; id < producers; id++) {
            MemoryRecords records = Batches.of(RECORDS, id);
            senders.add(new Sender(records.batches().iterator().next(), records.buffer()));
        }
    }

    @Benchmark
    public Object checkAndNote() {
        Sender sender = senders.get(turn);
        turn = (turn + 1) % producers;
        Object duplicate = states.findDuplicate(sender.batch());
        offset += RECORDS;
        sender.batch().setLastOffset(offset - 1);
        ProducerAppend append = states.prepare(sender.batch().producerId(), AppendOrigin.CLIENT);
        append.add(sender.batch(), 0, 0);
        states.apply(append);
        nextSequence(sender.bytes());
        return duplicate;
    }

    private static void nextSequence(ByteBuffer bytes) {
        int next = bytes.getInt(Batches.BASE_SEQUENCE) + RECORDS;
        bytes.putInt(Batches.BASE_SEQUENCE, next);
    }
}
