// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection that has been silent for {@code connections.max.idle.ms} and is owed no answer. Notes the time
 * of the last activity, which other threads may read. One timer per connection, that fires once per idle time.
 */
final class IdleCloser extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(IdleCloser.class);

    private final long maxIdleNs;
    private final BooleanSupplier busy;
    private ChannelHandlerContext ctx;
    private volatile long lastActivityNs;
    private Future<?> timer;

    /** @param maxIdleMs negative for never */
    IdleCloser(long maxIdleMs, BooleanSupplier busy) {
        this.maxIdleNs = TimeUnit.MILLISECONDS.toNanos(maxIdleMs);
        this.busy = busy;
    }

    /** On the event loop's ticker. */
    long lastActivityNs() {
        return lastActivityNs;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.ctx = context;
        this.lastActivityNs = nowNs();
        if (maxIdleNs >= 0) {
            schedule(maxIdleNs);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        lastActivityNs = nowNs();
        context.fireChannelReadComplete();
    }

    private long nowNs() {
        return ctx.executor().ticker().nanoTime();
    }

    private void schedule(long delayNs) {
        timer = ctx.executor().schedule(this::check, delayNs, TimeUnit.NANOSECONDS);
    }

    private void check() {
        if (busy.getAsBoolean()) {
            lastActivityNs = nowNs();
        }
        long leftNs = maxIdleNs - (nowNs() - lastActivityNs);
        if (leftNs > 0) {
            schedule(leftNs);
        } else {
            LOG.debug("Closing connection {}, idle for {} ms", ctx.channel(), TimeUnit.NANOSECONDS.toMillis(maxIdleNs));
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancel();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        cancel();
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
