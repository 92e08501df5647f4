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
import io.netty.util.concurrent.ThreadPerTaskExecutor;

/**
 * Event loops and the kind of channels that run on them: Linux's epoll where its native library loads, the JDK's NIO
 * elsewhere. Whoever made it shuts {@link #group()} down; servers and clients only borrow it.
 *
 * @param group the event loops
 * @param serverChannel the listening channels that fit them
 * @param clientChannel the connecting channels that fit them
 * @param loops which of the event loops take new channels
 */
public record Transport(
        EventLoopGroup group,
        Class<? extends ServerChannel> serverChannel,
        Class<? extends Channel> clientChannel,
        ActiveLoops loops) {
    private static final int MOST_FACTOR = 4;
    private static final int LEAST_CAPACITY = 16;

    /**
     * Starts event loops, the best kind available.
     *
     * @param threads how many take channels at first; {@link #resize} goes up to four times as many, or 16
     * @param threadName the beginning of their threads' names
     */
    public static Transport start(int threads, String threadName) {
        return Epoll.isAvailable() ? startEpoll(threads, threadName) : startNio(threads, threadName);
    }

    static Transport startEpoll(int threads, String threadName) {
        ActiveLoops loops = loops(threads);
        return new Transport(
                group(loops, threadName, EpollIoHandler.newFactory()),
                EpollServerSocketChannel.class,
                EpollSocketChannel.class,
                loops);
    }

    static Transport startNio(int threads, String threadName) {
        ActiveLoops loops = loops(threads);
        return new Transport(
                group(loops, threadName, NioIoHandler.newFactory()),
                NioServerSocketChannel.class,
                NioSocketChannel.class,
                loops);
    }

    private static ActiveLoops loops(int threads) {
        return new ActiveLoops(threads, Math.max(LEAST_CAPACITY, threads * MOST_FACTOR));
    }

    private static EventLoopGroup group(ActiveLoops loops, String threadName, IoHandlerFactory factory) {
        ThreadPerTaskExecutor threads = new ThreadPerTaskExecutor(new DefaultThreadFactory(threadName));
        return new MultiThreadIoEventLoopGroup(loops.capacity(), threads, loops, factory);
    }

    /**
     * Changes how many event loops take new channels; channels stay where they are.
     *
     * @return how many take channels now: no more than there are
     */
    public int resize(int threads) {
        return loops.resize(threads);
    }
}
