// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * A wire on loopback that can be cut. While it is cut nothing passes, as where a network drops packets: connections stay
 * open on both sides and new ones are taken but stay silent; what was sent meanwhile arrives after {@link #mend()}. Safe
 * for use by several threads.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 2_000;

    private final ServerSocket listening;
    private final IntSupplier target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Object lock = new Object();
    private boolean cut;
    private volatile boolean closed;

    private TcpProxy(ServerSocket listening, IntSupplier target) {
        this.listening = listening;
        this.target = target;
    }

    /** Starts a wire to a port of 127.0.0.1. */
    public static TcpProxy to(int port) {
        return to(() -> port);
    }

    /** Starts a wire to a port that is asked for with each connection. */
    public static TcpProxy to(IntSupplier port) {
        try {
            TcpProxy proxy = new TcpProxy(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), port);
            daemon("proxy-accept", proxy::acceptAll);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** 127.0.0.1 and the port. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    /** From now on nothing passes, in either direction. */
    public void cut() {
        synchronized (lock) {
            cut = true;
        }
    }

    /** What was held back passes, and all that follows. */
    public void mend() {
        synchronized (lock) {
            cut = false;
            lock.notifyAll();
        }
    }

    /** Closes the connections there are, as a network device that restarts; new ones pass. */
    public void reset() {
        open.forEach(TcpProxy::close);
    }

    @Override
    public void close() {
        closed = true;
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        mend();
        reset();
    }

    private void acceptAll() {
        while (!closed) {
            try {
                Socket client = listening.accept();
                open.add(client);
                daemon("proxy-connect", () -> connect(client));
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        open.add(server);
        try {
            awaitMended();
            server.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), target.getAsInt()), CONNECT_TIMEOUT_MS);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            daemon("proxy-there", () -> pump(client, server));
            daemon("proxy-back", () -> pump(server, client));
        } catch (IOException e) {
            drop(client, server);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[64 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitMended();
                out.write(buffer, 0, read);
            }
            awaitMended();
        } catch (IOException e) {
            // one side is gone; so is the other, below
            Thread.onSpinWait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        drop(from, to);
    }

    private void awaitMended() throws InterruptedException {
        synchronized (lock) {
            while (cut) {
                lock.wait();
            }
        }
    }

    private void drop(Socket one, Socket other) {
        close(one);
        close(other);
        open.remove(one);
        open.remove(other);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
