// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.handler.cluster.Contexts;
import io.barnabas.broker.handler.transaction.ProducerIdBlocks.Block;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.junit.jupiter.api.Test;

class InitProducerIdHandlerTest {
    private final List<CompletableFuture<Block>> asked = new ArrayList<>();
    private long nowMs = 1000;
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs);
    private final InitProducerIdHandler handler = new InitProducerIdHandler(
            new ProducerIds(
                    () -> {
                        asked.add(new CompletableFuture<>());
                        return asked.get(asked.size() - 1);
                    },
                    clock),
            TransactionalIds.NO_COORDINATOR);

    private InitProducerIdResponseData ask(InitProducerIdRequestData data) {
        short version = 4;
        InitProducerIdRequest request = InitProducerIdRequest.parse(
                MessageUtil.toByteBuffer(data.setTransactionTimeoutMs(1000), version), version);
        return ((InitProducerIdResponse) handler.handle(request, Contexts.of(request))
                        .toCompletableFuture()
                        .join())
                .data();
    }

    private InitProducerIdResponseData ask() {
        return ask(new InitProducerIdRequestData().setTransactionalId(null));
    }

    @Test
    void sendsTheProducerBackUntilTheFirstBlockIsThere() {
        assertThat(ask().errorCode()).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
        assertThat(ask().errorCode()).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
        assertThat(asked).hasSize(1);

        asked.get(0).complete(new Block(5000, 1000));
        assertThat(ask().producerId()).isEqualTo(5000);
        assertThat(ask().producerId()).isEqualTo(5001);
        assertThat(ask().producerEpoch()).isZero();
    }

    @Test
    void asksForTheNextBlockBeforeTheCurrentOneIsGoneAndNeverGivesAnIdTwice() {
        ask();
        asked.get(0).complete(new Block(0, 10));
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            ids.add(ask().producerId());
        }
        assertThat(asked).hasSize(1);
        ids.add(ask().producerId());
        assertThat(asked).hasSize(2);
        asked.get(1).complete(new Block(100, 10));
        ids.add(ask().producerId());
        ids.add(ask().producerId());
        assertThat(ids).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 100L);
        assertThat(asked).hasSize(2);
    }

    @Test
    void failedAllocationIsTriedAgainAfterAPause() {
        ask();
        asked.get(0).completeExceptionally(new IllegalStateException("no controller"));
        ask();
        assertThat(asked).hasSize(1);
        nowMs += 50;
        ask();
        assertThat(asked).hasSize(2);
    }

    @Test
    void idWithoutEpochAndEmptyTransactionalIdAreInvalid() {
        assertThat(ask(new InitProducerIdRequestData().setTransactionalId(null).setProducerId(4))
                        .errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(ask(new InitProducerIdRequestData().setTransactionalId("")).errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
    }

    @Test
    void transactionalProducerFindsNoCoordinator() {
        assertThat(ask(new InitProducerIdRequestData().setTransactionalId("x").setTransactionTimeoutMs(1000))
                        .errorCode())
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
    }
}
