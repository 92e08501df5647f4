// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * Event loops and the kind of channels that run on them: Linux's epoll where its native library loads, the JDK's NIO
 * elsewhere. Whoever made it shuts {@link #group()} down; servers and clients only borrow it.
 *
 * @param group the event loops
 * @param serverChannel the listening channels that fit them
 * @param clientChannel the connecting channels that fit them
 */
public record Transport(
        EventLoopGroup group, Class<? extends ServerChannel> serverChannel, Class<? extends Channel> clientChannel) {

    /**
     * Starts event loops, the best kind available.
     *
     * @param threads how many
     * @param threadName the beginning of their threads' names
     */
    public static Transport start(int threads, String threadName) {
        return Epoll.isAvailable() ? startEpoll(threads, threadName) : startNio(threads, threadName);
    }

    static Transport startEpoll(int threads, String threadName) {
        return new Transport(
                group(threads, threadName, EpollIoHandler.newFactory()),
                EpollServerSocketChannel.class,
                EpollSocketChannel.class);
    }

    static Transport startNio(int threads, String threadName) {
        return new Transport(
                group(threads, threadName, NioIoHandler.newFactory()),
                NioServerSocketChannel.class,
                NioSocketChannel.class);
    }

    private static EventLoopGroup group(int threads, String threadName, IoHandlerFactory factory) {
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(threadName), factory);
    }
}
