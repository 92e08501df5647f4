// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;

/**
 * Flushes once for many answers: those written while the socket is being read when the reading is over, others when
 * the event loop has done what was queued before. An answer whose bytes come from a file is several writes to the socket;
 * it is corked meanwhile (TCP_CORK, where there is one), so that the peer is not woken for a header alone. Owned by the
 * connection's event loop.
 */
final class FlushCoalescer extends ChannelInboundHandlerAdapter {
    private final Runnable flushLater = this::flushLater;
    private ChannelHandlerContext ctx;
    private boolean withinBatch;
    private boolean unflushed;
    private boolean scheduled;
    private boolean fromFile;

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

    /**
     * Something was written.
     *
     * @param partOfFile whether some of its bytes come from a file
     */
    void flushSoon(boolean partOfFile) {
        unflushed = true;
        fromFile |= partOfFile;
        if (!withinBatch && !scheduled) {
            scheduled = true;
            ctx.executor().execute(flushLater);
        }
    }

    /** Until {@link #endBatch} nothing is flushed. */
    void beginBatch() {
        withinBatch = true;
    }

    void endBatch() {
        withinBatch = false;
        flush();
    }

    private void flushLater() {
        scheduled = false;
        flush();
    }

    private void flush() {
        if (!unflushed) {
            return;
        }
        unflushed = false;
        if (fromFile && ctx.channel() instanceof EpollSocketChannel socket && socket.isOpen()) {
            fromFile = false;
            socket.config().setTcpCork(true);
            ctx.flush();
            uncork(socket);
        } else {
            ctx.flush();
        }
    }

    private static void uncork(EpollSocketChannel socket) {
        if (socket.isOpen()) {
            socket.config().setTcpCork(false);
        }
    }
}
