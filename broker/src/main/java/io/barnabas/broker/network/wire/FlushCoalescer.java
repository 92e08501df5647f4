// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Flushes once for many answers: those written while the socket is being read when the reading is over, others when
 * the event loop has done what was queued before. Owned by the connection's event loop.
 */
public final class FlushCoalescer extends ChannelInboundHandlerAdapter {
    private final Runnable flushLater = this::flushLater;
    private ChannelHandlerContext ctx;
    private boolean withinBatch;
    private boolean unflushed;
    private boolean scheduled;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.ctx = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object msg) {
        withinBatch = true;
        context.fireChannelRead(msg);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.fireChannelReadComplete();
        endBatch();
    }

    /** Something was written. */
    public void flushSoon() {
        unflushed = true;
        if (!withinBatch && !scheduled) {
            scheduled = true;
            ctx.executor().execute(flushLater);
        }
    }

    /** Until {@link #endBatch} nothing is flushed. */
    public void beginBatch() {
        withinBatch = true;
    }

    /** Ends what {@link #beginBatch} began, and flushes if anything was written. */
    public void endBatch() {
        withinBatch = false;
        flush();
    }

    private void flushLater() {
        scheduled = false;
        flush();
    }

    private void flush() {
        if (unflushed) {
            unflushed = false;
            ctx.flush();
        }
    }
}
