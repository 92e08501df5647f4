// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands at a listening socket: lets connections in as {@link ConnectionAdmission} allows, and stops accepting while
 * there is no room. Owned by the listening channel's event loop; {@link #refresh()} may be called by any thread.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final long RETRY_AFTER_FAILURE_MS = 1000;

    private final String listener;
    private final ConnectionAdmission admission;
    private final Runnable onRelease;
    private final Runnable onExcess;
    private volatile ChannelHandlerContext ctx;
    private volatile boolean accepting;

    /**
     * @param onRelease run when a connection of this listener has closed and been counted out
     * @param onExcess run when a connection was admitted at the expense of another
     */
    Acceptor(String listener, ConnectionAdmission admission, Runnable onRelease, Runnable onExcess) {
        this.listener = listener;
        this.admission = admission;
        this.onRelease = onRelease;
        this.onExcess = onExcess;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.ctx = context;
    }

    /** From now on connections are accepted, as long as there is room. */
    void startAccepting() {
        accepting = true;
        refresh();
    }

    /** Looks again whether there is room. */
    void refresh() {
        if (ctx != null && !ctx.executor().isShuttingDown()) {
            ctx.executor().execute(this::update);
        }
    }

    private void update() {
        ctx.channel().config().setAutoRead(accepting && admission.hasRoom(listener));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object msg) {
        Channel connection = (Channel) msg;
        if (!(connection.remoteAddress() instanceof InetSocketAddress remote)) {
            connection.unsafe().closeForcibly(); // it has gone already
            return;
        }
        InetAddress address = remote.getAddress();
        ConnectionAdmission.Verdict verdict = admission.admit(listener, address);
        if (verdict == ConnectionAdmission.Verdict.REFUSED) {
            LOG.info(
                    "Rejected connection from {}, address already has the configured maximum of {} connections.",
                    address,
                    admission.maxOf(address));
            connection.unsafe().closeForcibly();
            return;
        }
        connection.closeFuture().addListener(closed -> {
            admission.release(listener, address);
            onRelease.run();
        });
        context.fireChannelRead(connection);
        if (verdict == ConnectionAdmission.Verdict.ADMITTED_BEYOND_LIMIT) {
            onExcess.run();
        }
        update();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.warn(
                "Listener {} cannot accept, and tries again in {} ms: {}",
                listener,
                RETRY_AFTER_FAILURE_MS,
                cause.getMessage());
        context.channel().config().setAutoRead(false);
        context.executor().schedule(this::update, RETRY_AFTER_FAILURE_MS, TimeUnit.MILLISECONDS);
    }
}
