// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.peer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.requests.RequestHeader;

/** A peer on a real socket that reads real frames and does with them what the test says. */
final class FakeBroker implements AutoCloseable {
    /** What happens with a request. */
    interface Behaviour {
        void onRequest(RequestHeader header, ByteBuffer body, DataOutputStream out, Socket socket) throws IOException;
    }

    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile Behaviour behaviour;

    FakeBroker(Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::accept, "fake-broker");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    void behave(Behaviour next) {
        behaviour = next;
    }

    Peer peer() {
        return new Peer(1, "127.0.0.1", server.getLocalPort());
    }

    int connections() {
        return sockets.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread reader = new Thread(() -> read(socket), "fake-broker-connection");
                reader.setDaemon(true);
                reader.start();
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void read(Socket socket) {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] frame = new byte[in.readInt()];
                in.readFully(frame);
                ByteBuffer bytes = ByteBuffer.wrap(frame);
                RequestHeader header = RequestHeader.parse(bytes);
                behaviour.onRequest(header, bytes, out, socket);
            }
        } catch (IOException e) {
            // the peer or the test closed it
        }
    }

    static void answer(DataOutputStream out, RequestHeader header, ByteBuffer body) throws IOException {
        answer(out, header, header.correlationId(), body);
    }

    static void answer(DataOutputStream out, RequestHeader header, int correlationId, ByteBuffer body)
            throws IOException {
        boolean flexible = header.apiKey().responseHeaderVersion(header.apiVersion()) >= 1;
        ByteBuffer frame = ByteBuffer.allocate(4 + 4 + (flexible ? 1 : 0) + body.remaining());
        frame.putInt(frame.capacity() - 4).putInt(correlationId);
        if (flexible) {
            frame.put((byte) 0);
        }
        frame.put(body.duplicate());
        out.write(frame.array());
        out.flush();
    }

    /** Closes so that the other side sees a reset. */
    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
