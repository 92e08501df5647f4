// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import io.barnabas.coordination.cluster.ClusterImage;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the controller in the cluster's image and tries again until it answers as one. Thread-safe. */
public final class PeerControllerChannel implements ControllerChannel {
    private static final Logger LOG = LoggerFactory.getLogger(PeerControllerChannel.class);
    private static final int MAX_PENDING = 1000;

    /**
     * What the channel needs to know.
     *
     * @param controllerId the active controller as far as this broker knows
     * @param image the brokers and their addresses
     * @param listener the listener the controller is reached at
     * @param requestTimeout how long one try may take
     * @param retryBackoff the wait between two tries
     */
    public record Terms(
            Supplier<OptionalInt> controllerId,
            Supplier<ClusterImage> image,
            String listener,
            Duration requestTimeout,
            Duration retryBackoff) {}

    private final PeerClient peers;
    private final Terms terms;
    private final ScheduledExecutorService timer;
    private final LongSupplier ticker;
    private final Set<Attempt> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param timer waits between tries; its tasks are short
     * @param ticker monotonic nanoseconds
     */
    public PeerControllerChannel(PeerClient peers, Terms terms, ScheduledExecutorService timer, LongSupplier ticker) {
        this.peers = peers;
        this.terms = terms;
        this.timer = timer;
        this.ticker = ticker;
    }

    @Override
    public CompletableFuture<AbstractResponse> send(AbstractRequest request, Duration deadline) {
        if (closed || pending.size() >= MAX_PENDING) {
            return CompletableFuture.failedFuture(new RejectedExecutionException(
                    closed ? "the channel is closed" : MAX_PENDING + " requests wait for the controller"));
        }
        Attempt attempt = new Attempt(request, ticker.getAsLong() + deadline.toNanos());
        pending.add(attempt);
        attempt.answer.whenComplete((response, failure) -> pending.remove(attempt));
        attempt.start();
        return attempt.answer;
    }

    @Override
    public void close() {
        closed = true;
        pending.forEach(attempt -> attempt.answer.completeExceptionally(new DisconnectException("closing")));
    }

    private Optional<Peer> controller() {
        OptionalInt id = terms.controllerId().get();
        if (id.isEmpty()) {
            return Optional.empty();
        }
        return terms.image()
                .get()
                .broker(id.getAsInt())
                .flatMap(broker -> broker.endpoint(terms.listener()))
                .map(endpoint -> new Peer(id.getAsInt(), endpoint.host(), endpoint.port()));
    }

    /** One request and its tries. */
    private final class Attempt {
        private final AbstractRequest request;
        private final long deadlineNanos;
        private final CompletableFuture<AbstractResponse> answer = new CompletableFuture<>();

        Attempt(AbstractRequest request, long deadlineNanos) {
            this.request = request;
            this.deadlineNanos = deadlineNanos;
        }

        void start() {
            if (answer.isDone()) {
                return;
            }
            if (ticker.getAsLong() - deadlineNanos >= 0) {
                answer.completeExceptionally(
                        new TimeoutException("no controller answered " + request.apiKey() + " in time"));
                return;
            }
            Optional<Peer> controller = controller();
            if (controller.isEmpty()) {
                retryLater("no controller is known");
                return;
            }
            try {
                peers.connection(controller.get(), PeerPurpose.CONTROLLER, 0, terms.requestTimeout())
                        .send(request)
                        .whenComplete((response, failure) -> onAnswer(controller.get(), response, failure));
            } catch (RuntimeException e) {
                retryLater(e.toString());
            }
        }

        private void onAnswer(Peer controller, AbstractResponse response, Throwable failure) {
            if (failure != null) {
                retryLater(failure.toString());
            } else if (response.errorCounts().containsKey(Errors.NOT_CONTROLLER)) {
                retryLater("broker " + controller.id() + " is not the controller");
            } else {
                answer.complete(response);
            }
        }

        private void retryLater(String why) {
            LOG.debug("{} to the controller is tried again: {}", request.apiKey(), why);
            long waitNanos = Math.min(terms.retryBackoff().toNanos(), Math.max(1L, deadlineNanos - ticker.getAsLong()));
            try {
                timer.schedule(this::start, waitNanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                answer.completeExceptionally(new DisconnectException("closing"));
            }
        }
    }
}
