// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.network.wire.FlushCoalescer;
import io.barnabas.broker.network.wire.MalformedRequestException;
import io.barnabas.broker.network.wire.ReadGate;
import io.barnabas.broker.network.wire.RequestMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last of a connection's pipeline: parses frames, gives requests to their handlers as {@link OverlapRule} permits,
 * and has answers written in order. Owned by the connection's event loop; outcomes may come from any thread and are
 * then handed over, many at once.
 */
final class RequestDispatcher extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(RequestDispatcher.class);

    private final RequestPipeline requests;
    private final ConnectionIdentity identity;
    private final RequestMemory memory;
    private final ReadGate gate;
    private final ChannelThrottle throttle;
    private final FlushCoalescer flusher;
    private final int maxInFlight;
    private final ClosingLog closings;
    private final ResponseOrderer orderer = new ResponseOrderer();
    private final OverlapRule overlap = new OverlapRule();
    private final Queue<PendingRequest> outcomesFromElsewhere = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean handOverScheduled = new AtomicBoolean();
    private ChannelHandlerContext ctx;
    private ResponseWriter writer;
    private PendingRequest blocked;
    private boolean closed;

    RequestDispatcher(
            RequestPipeline requests,
            ConnectionIdentity identity,
            RequestMemory memory,
            ReadGate gate,
            FlushCoalescer flusher,
            int maxInFlight,
            ClosingLog closings) {
        this.requests = requests;
        this.identity = identity;
        this.memory = memory;
        this.gate = gate;
        this.throttle = new ChannelThrottle(gate);
        this.flusher = flusher;
        this.maxInFlight = maxInFlight;
        this.closings = closings;
    }

    /** Whether a request is unanswered. */
    boolean isBusy() {
        return !orderer.isEmpty() || blocked != null;
    }

    /** Takes no more requests, answers those it has, then closes. */
    void closeWhenAnswered() {
        gate.close(ReadGate.Reason.CLOSING);
        closeIfAnswered();
    }

    private void closeIfAnswered() {
        if (gate.isClosing() && !isBusy() && !closed) {
            closed = true;
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> ctx.close());
        }
    }

    /** Closes at once, with the one line that says why. */
    void closeBecause(String why) {
        closings.closing(identity, why);
        closeNow();
    }

    private void closeNow() {
        closed = true;
        ctx.close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.ctx = context;
        this.writer = new ResponseWriter(context, identity, requests.events());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object msg) {
        ByteBuf frame = (ByteBuf) msg;
        if (closed || gate.isClosing()) {
            discard(frame);
            return;
        }
        RequestParser.Parsed parsed;
        try {
            parsed = RequestParser.parse(frame);
        } catch (InvalidRequestException e) {
            discard(frame);
            refuse(e);
            return;
        }
        noteSoftware(parsed.request());
        PendingRequest request = new PendingRequest(
                parsed, identity.context(parsed.header(), context.executor()), frame, memory, this::outcome);
        if (overlap.mayStart(request.kind())) {
            start(request);
        } else {
            blocked = request;
            gate.close(ReadGate.Reason.BLOCKED);
        }
    }

    private void discard(ByteBuf frame) {
        int bytes = frame.readableBytes();
        frame.release();
        memory.release(bytes);
    }

    /** What was asked before is still answered, as it would have been had the peer waited. */
    private void refuse(InvalidRequestException malformed) {
        closings.closing(identity, malformed.getMessage());
        closeWhenAnswered();
    }

    private void noteSoftware(AbstractRequest request) {
        if (request instanceof ApiVersionsRequest apiVersions
                && !apiVersions.hasUnsupportedRequestVersion()
                && apiVersions.isValid()) {
            identity.software(
                    apiVersions.data().clientSoftwareName(), apiVersions.data().clientSoftwareVersion());
        }
    }

    private void start(PendingRequest request) {
        overlap.started(request.kind());
        orderer.add(request);
        if (orderer.size() >= maxInFlight) {
            gate.close(ReadGate.Reason.IN_FLIGHT);
        }
        Optional<RequestHandler<AbstractRequest>> handler =
                requests.handler(request.request().apiKey());
        if (handler.isEmpty()) {
            closeBecause("nobody here answers " + request);
            request.finish();
            return;
        }
        try {
            CompletionStage<? extends AbstractResponse> stage = requests.start(handler.get(), request);
            if (!handler.get().keepsBytes()) {
                request.releaseFrame();
            }
            follow(stage, request);
        } catch (RuntimeException | Error e) {
            request.accept(null, e);
        }
    }

    private static void follow(CompletionStage<? extends AbstractResponse> stage, PendingRequest request) {
        if (stage instanceof CompletableFuture<? extends AbstractResponse> future
                && future.isDone()
                && !future.isCompletedExceptionally()) {
            request.accept(future.join(), null);
        } else {
            stage.whenComplete(request);
        }
    }

    private void outcome(PendingRequest request) {
        if (ctx.executor().inEventLoop()) {
            finish(request);
            return;
        }
        outcomesFromElsewhere.add(request);
        if (handOverScheduled.compareAndSet(false, true)) {
            try {
                ctx.executor().execute(this::takeOver);
            } catch (RejectedExecutionException e) {
                LOG.debug("{}: the event loop ended before {} was answered", identity, request);
            }
        }
    }

    private void takeOver() {
        handOverScheduled.set(false);
        flusher.beginBatch();
        PendingRequest request = outcomesFromElsewhere.poll();
        while (request != null) {
            finish(request);
            request = outcomesFromElsewhere.poll();
        }
        flusher.endBatch();
    }

    private void finish(PendingRequest request) {
        request.finish();
        overlap.finished(request.kind());
        answerFinished();
        if (closed) {
            return;
        }
        startBlocked();
        if (orderer.size() < maxInFlight) {
            gate.open(ReadGate.Reason.IN_FLIGHT);
        }
        closeIfAnswered();
    }

    private void answerFinished() {
        PendingRequest next = closed ? null : orderer.pollFinished();
        while (next != null) {
            int throttleMs = requests.throttle(next);
            Optional<String> impossible = writer.write(next);
            if (impossible.isPresent()) {
                closeBecause(impossible.get());
                return;
            }
            flusher.flushSoon();
            if (throttleMs > 0) {
                throttle.hold(throttleMs, ctx.executor());
            }
            next = orderer.pollFinished();
        }
    }

    private void startBlocked() {
        PendingRequest waiting = blocked;
        if (waiting != null && overlap.mayStart(waiting.kind())) {
            blocked = null;
            start(waiting);
            if (blocked == null) {
                gate.open(ReadGate.Reason.BLOCKED);
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            gate.open(ReadGate.Reason.UNWRITABLE);
        } else {
            gate.close(ReadGate.Reason.UNWRITABLE);
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed = true;
        if (blocked != null) {
            blocked.finish();
            blocked = null;
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (closed) {
            return; // one fault, one line: answers that could not be written any more each report it again
        }
        if (cause instanceof MalformedRequestException malformed) {
            refuse(malformed);
        } else if (cause instanceof IOException) {
            if (isBusy()) {
                LOG.info(
                        "Connection {} broke with {} requests unanswered: {}",
                        identity,
                        orderer.size(),
                        cause.getMessage());
            } else {
                LOG.debug("Connection {} broke: {}", identity, cause.getMessage());
            }
            closeNow();
        } else if (cause instanceof OutOfMemoryError) {
            closeBecause("no memory for its request: " + cause.getMessage());
        } else {
            LOG.error("Closing connection {} for a fault of this broker", identity, cause);
            closeNow();
        }
    }
}
