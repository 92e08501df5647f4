// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.loop;

import io.barnabas.coordination.cluster.BrokerInfo;
import io.barnabas.coordination.controller.Controller.ProducerIds;
import io.barnabas.coordination.controller.Refusal;
import io.barnabas.coordination.controller.event.BrokerEvents;
import io.barnabas.coordination.store.ProducerIdBlock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/** Hands out blocks of producer ids to the brokers that are registered. */
final class ProducerIdSteps {
    private final Term term;

    ProducerIdSteps(Term term) {
        this.term = term;
    }

    /** The next block; refused to an unknown broker and to an earlier incarnation. */
    CompletableFuture<ProducerIds> allocate(int brokerId, long brokerEpoch) {
        Optional<BrokerInfo> broker = term.picture.broker(brokerId);
        if (broker.isEmpty()) {
            return CompletableFuture.completedFuture(
                    new ProducerIds(Refusal.of(Errors.BROKER_ID_NOT_REGISTERED), 0, 0));
        }
        if (broker.get().epoch() != brokerEpoch) {
            return CompletableFuture.completedFuture(new ProducerIds(Refusal.of(Errors.STALE_BROKER_EPOCH), 0, 0));
        }
        return term.loop.hop(term.store.producerIds().allocate(brokerId)).handle((block, failure) -> {
            if (failure == null) {
                return given(block);
            }
            Failures.passOnEndOfTerm(failure);
            return new ProducerIds(
                    new Refusal(Errors.UNKNOWN_SERVER_ERROR, String.valueOf(failure.getMessage())), 0, 0);
        });
    }

    private ProducerIds given(ProducerIdBlock block) {
        term.events.record(new BrokerEvents.ProducerIdsAllocated(
                block.brokerId(), block.firstId(), block.lastId(), "the broker asked for its next block"));
        return new ProducerIds(Refusal.NONE, block.firstId(), (int) (block.lastId() - block.firstId() + 1));
    }
}
