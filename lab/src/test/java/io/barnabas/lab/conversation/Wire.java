// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.conversation;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One connection to a broker: frames out, frames in, nothing understood. Owned by the test's thread. */
public final class Wire implements AutoCloseable {
    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final DataOutputStream out;

    public Wire(String host, int port, int answerWithinMs) throws IOException {
        socket.connect(new InetSocketAddress(host, port), 10_000);
        socket.setSoTimeout(answerWithinMs);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** Sends one frame, its size first. */
    public void send(ByteBuffer frame) throws IOException {
        byte[] bytes = new byte[4 + frame.remaining()];
        ByteBuffer.wrap(bytes).putInt(frame.remaining()).put(frame.duplicate());
        sendBytes(bytes);
    }

    /** Sends bytes that may be no frame. A peer that has closed already is found out by {@link #receive()}. */
    void sendBytes(byte[] bytes) throws IOException {
        try {
            out.write(bytes);
            out.flush();
        } catch (SocketException e) {
            if (socket.isClosed()) {
                throw e;
            }
        }
    }

    /**
     * The next frame; empty when the peer closed the connection.
     *
     * @throws SocketTimeoutException when it neither answers nor closes
     */
    public Optional<byte[]> receive() throws IOException {
        try {
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            return Optional.of(frame);
        } catch (EOFException | SocketException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
