// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.assembly;

import io.barnabas.broker.handler.transaction.ProducerIdBlocks;
import io.barnabas.broker.peer.ControllerChannel;
import io.barnabas.coordination.store.ProducerIdStore;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AllocateProducerIdsRequest;
import org.apache.kafka.common.requests.AllocateProducerIdsResponse;

/** Where producer id blocks come from: the controller from IBP 3.0 on (KIP-730), the coordination store below. */
final class ProducerIdAllocation {
    private ProducerIdAllocation() {}

    /** Blocks from the controller. */
    static ProducerIdBlocks byController(
            ControllerChannel controller, int brokerId, LongSupplier brokerEpoch, Duration timeout) {
        return () -> controller
                .send(
                        new AllocateProducerIdsRequest.Builder(new AllocateProducerIdsRequestData()
                                        .setBrokerId(brokerId)
                                        .setBrokerEpoch(brokerEpoch.getAsLong()))
                                .build(),
                        timeout)
                .thenApply(answer -> block(((AllocateProducerIdsResponse) answer).data()));
    }

    private static ProducerIdBlocks.Block block(AllocateProducerIdsResponseData data) {
        Errors error = Errors.forCode(data.errorCode());
        if (error != Errors.NONE) {
            throw error.exception();
        }
        return new ProducerIdBlocks.Block(data.producerIdStart(), data.producerIdLen());
    }

    /** Blocks from the store itself. */
    static ProducerIdBlocks byStore(ProducerIdStore store, int brokerId) {
        return () -> allocate(store, brokerId);
    }

    private static CompletionStage<ProducerIdBlocks.Block> allocate(ProducerIdStore store, int brokerId) {
        return store.allocate(brokerId)
                .thenApply(block -> new ProducerIdBlocks.Block(
                        block.firstId(), Math.toIntExact(block.lastId() - block.firstId() + 1)));
    }
}
