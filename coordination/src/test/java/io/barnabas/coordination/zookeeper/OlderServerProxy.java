// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import org.apache.zookeeper.ZooDefs.OpCode;

/**
 * Stands between one client and ZooKeeper and makes it look like one from before 3.6: requests of types that such a server does not
 * know reach it under a number that no server knows, so that it answers as to any unknown request.
 */
final class OlderServerProxy implements AutoCloseable {
    private static final Set<Integer> SINCE_3_6 = Set.of(OpCode.addWatch, OpCode.multiRead, OpCode.setWatches2);
    private static final int UNKNOWN = 9_999;
    private static final int TYPE_OFFSET = Integer.BYTES;

    private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final int target;

    OlderServerProxy(int target) throws IOException {
        this.target = target;
        daemon(this::relay);
    }

    String connectString() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    private interface IoTask {
        void run() throws IOException;
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

    private void relay() throws IOException {
        try (Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            daemon(() -> server.getInputStream().transferTo(client.getOutputStream()));
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(server.getOutputStream());
            for (boolean handshake = true; ; handshake = false) {
                ByteBuffer request = ByteBuffer.wrap(in.readNBytes(in.readInt()));
                if (!handshake && SINCE_3_6.contains(request.getInt(TYPE_OFFSET))) {
                    request.putInt(TYPE_OFFSET, UNKNOWN);
                }
                out.writeInt(request.capacity());
                out.write(request.array());
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
