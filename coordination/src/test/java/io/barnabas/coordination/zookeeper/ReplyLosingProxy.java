// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and ZooKeeper, and on demand lets one request through but not its reply: the connection breaks as soon as the
 * server answers. What a client cannot tell from a request that never arrived.
 */
final class ReplyLosingProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile String marker;
    private final AtomicInteger lost = new AtomicInteger();

    ReplyLosingProxy(int target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0);
        daemon(this::accept);
    }

    /** Several names for the one address: a client pauses for a second before it tries the same server again. */
    String connectString() {
        int port = listening.getLocalPort();
        return "127.0.0.1:" + port + ",127.0.0.2:" + port + ",127.0.0.3:" + port + ",127.0.0.4:" + port;
    }

    /** Loses the reply to the next request whose bytes contain the text. */
    void loseReplyTo(String text) {
        marker = text;
    }

    /** How many replies were lost so far. */
    int lost() {
        return lost.get();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(client);
            sockets.add(server);
            Link link = new Link(client, server);
            daemon(link::relayRequests);
            daemon(link::relayReplies);
        }
    }

    private static void daemon(IoTask task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // a closed connection ends its relay
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private interface IoTask {
        void run() throws IOException;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean cut;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void relayRequests() throws IOException {
            byte[] buffer = new byte[1 << 20];
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                String wanted = marker;
                String text = new String(Arrays.copyOf(buffer, n), StandardCharsets.ISO_8859_1);
                if (wanted != null && text.contains(wanted)) {
                    marker = null;
                    cut = true;
                }
                out.write(buffer, 0, n);
            }
            server.close();
        }

        void relayReplies() throws IOException {
            byte[] buffer = new byte[1 << 20];
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (cut) {
                    lost.incrementAndGet();
                    break;
                }
                out.write(buffer, 0, n);
            }
            client.close();
            server.close();
        }
    }
}
