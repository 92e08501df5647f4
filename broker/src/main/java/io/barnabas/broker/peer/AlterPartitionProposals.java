// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import io.barnabas.broker.config.key.ProtocolVersion;
import io.barnabas.broker.protocol.AlterPartitionCodec;
import io.barnabas.replica.partition.IsrProposals;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterPartitionRequest;
import org.apache.kafka.common.requests.AlterPartitionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proposes ISR changes to the controller (KIP-497): one request at a time, with all partitions that wait. A proposal
 * stays until the controller has decided it; an error of the request as a whole is tried again after a pause, with the
 * broker epoch of then. Thread-safe; its lock guards only who waits.
 */
public final class AlterPartitionProposals implements IsrProposals {
    private static final Logger LOG = LoggerFactory.getLogger(AlterPartitionProposals.class);
    private static final Duration TRY_FOR = Duration.ofDays(1);
    private static final long RETRY_MS = 50L;

    private record Waiting(Proposal proposal, CompletableFuture<Answer> answer) {}

    private final ControllerChannel controller;
    private final int brokerId;
    private final LongSupplier brokerEpoch;
    private final ProtocolVersion protocol;
    private final ScheduledExecutorService timer;
    private final Map<TopicPartition, Waiting> waiting = new LinkedHashMap<>();
    private boolean inFlight;

    /**
     * @param brokerEpoch this broker's epoch now
     * @param timer waits before a request is repeated; its tasks are short
     */
    public AlterPartitionProposals(
            ControllerChannel controller,
            int brokerId,
            LongSupplier brokerEpoch,
            ProtocolVersion protocol,
            ScheduledExecutorService timer) {
        this.controller = controller;
        this.brokerId = brokerId;
        this.brokerEpoch = brokerEpoch;
        this.protocol = protocol;
        this.timer = timer;
    }

    @Override
    public CompletableFuture<Answer> propose(Proposal proposal) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        synchronized (waiting) {
            if (waiting.putIfAbsent(proposal.topicPartition(), new Waiting(proposal, answer)) != null) {
                return CompletableFuture.completedFuture(Answer.refused(Errors.OPERATION_NOT_ATTEMPTED));
            }
        }
        sendWaiting();
        return answer;
    }

    private void sendWaiting() {
        List<Waiting> batch;
        synchronized (waiting) {
            if (inFlight || waiting.isEmpty()) {
                return;
            }
            inFlight = true;
            batch = List.copyOf(waiting.values());
        }
        try {
            AlterPartitionRequest request = AlterPartitionCodec.toRequest(
                    batch.stream().map(Waiting::proposal).toList(), brokerId, brokerEpoch.getAsLong(), protocol);
            controller.send(request, TRY_FOR).whenComplete((response, failure) -> onAnswer(batch, response, failure));
        } catch (RuntimeException e) {
            onAnswer(batch, null, e);
        }
    }

    private void onAnswer(List<Waiting> batch, AbstractResponse response, Throwable failure) {
        Errors error = failure == null
                ? Errors.forCode(((AlterPartitionResponse) response).data().errorCode())
                : Errors.forException(failure);
        if (error == Errors.NONE) {
            if (settle(batch, (AlterPartitionResponse) response)) {
                endFlight();
                sendWaiting();
            } else {
                retryLater();
            }
        } else {
            LOG.warn("The controller refused {} ISR changes as a whole: {}; tried again", batch.size(), error);
            retryLater();
        }
    }

    /** @return whether every proposal was decided */
    private boolean settle(List<Waiting> batch, AlterPartitionResponse response) {
        Map<TopicPartition, Answer> answers = AlterPartitionCodec.toAnswers(
                response, batch.stream().map(Waiting::proposal).toList());
        boolean complete = true;
        for (Waiting proposed : batch) {
            TopicPartition partition = proposed.proposal().topicPartition();
            Answer answer = answers.get(partition);
            if (answer == null) {
                LOG.error("The controller left {} out of its answer; it is proposed again", partition);
                complete = false;
                continue;
            }
            synchronized (waiting) {
                waiting.remove(partition);
            }
            proposed.answer().complete(answer);
        }
        return complete;
    }

    private void endFlight() {
        synchronized (waiting) {
            inFlight = false;
        }
    }

    private void retryLater() {
        try {
            timer.schedule(
                    () -> {
                        endFlight();
                        sendWaiting();
                    },
                    RETRY_MS,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("No more ISR changes are proposed: closing");
        }
    }
}
