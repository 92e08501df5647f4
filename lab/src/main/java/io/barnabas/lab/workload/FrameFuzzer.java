// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.workload;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Sends a broker what no client would: every kind of frame that is not one, each on a connection of its own that is then
 * closed or broken. What it sends follows from its seed alone. Owned by the test's thread.
 */
public final class FrameFuzzer {
    /** With a garbled body that happens to be one, these would order the broker about: only bodies too short go out. */
    private static final Set<ApiKeys> ORDERS =
            Set.of(ApiKeys.LEADER_AND_ISR, ApiKeys.STOP_REPLICA, ApiKeys.UPDATE_METADATA);

    private static final int CONNECT_TIMEOUT_MS = 20_000;
    private static final int ANSWER_TIMEOUT_MS = 50;
    private static final byte[] CLIENT_ID = "fuzzer".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress broker;
    private final int maxFrameBytes;
    private final Random random;
    private int connections;

    /**
     * @param port the broker's on loopback
     * @param maxFrameBytes its {@code socket.request.max.bytes}
     * @param seed decides everything that is sent
     */
    public FrameFuzzer(int port, int maxFrameBytes, long seed) {
        this.broker = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.maxFrameBytes = maxFrameBytes;
        this.random = new Random(seed);
    }

    /** How many connections were opened. */
    public int connections() {
        return connections;
    }

    /** Bytes without any form. */
    public void noise(int times) {
        for (int i = 0; i < times; i++) {
            send(bytes(1 + random.nextInt(3_000)));
        }
    }

    /** Sizes that cannot be: negative, beyond the limit, too small for a header. */
    public void wrongSizes(int times) {
        int[] sizes = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, maxFrameBytes + 1, 0, 1, 7};
        for (int i = 0; i < times; i++) {
            int size = sizes[i % sizes.length];
            send(join(size(size), bytes(Math.max(0, Math.min(size, 64)))));
        }
    }

    /** Headers of APIs and versions that there are not. */
    public void unknownRequests(int times) {
        for (int i = 0; i < times; i++) {
            short api = (short) random.nextInt(Short.MIN_VALUE, Short.MAX_VALUE);
            short version = (short) random.nextInt(Short.MIN_VALUE, Short.MAX_VALUE);
            send(frame(join(header(api, version, 1), bytes(random.nextInt(100)))));
        }
    }

    /** A sound header of every API at every version, and a body that is none. */
    public void garbledBodies(int timesEach) {
        for (ApiKeys api : ApiKeys.zkBrokerApis()) {
            for (short version = api.oldestVersion(); version <= api.latestVersion(); version++) {
                byte[] header = header(api.id, version, api.requestHeaderVersion(version));
                for (int i = 0; i < timesEach; i++) {
                    int length = ORDERS.contains(api) ? random.nextInt(4) : random.nextInt(200);
                    send(frame(join(header, bytes(length))));
                }
            }
        }
    }

    /** Frames that break off, in the size or behind it. */
    public void brokenOff(int times) {
        for (int i = 0; i < times; i++) {
            byte[] whole = frame(bytes(1_000));
            byte[] part = new byte[1 + random.nextInt(whole.length - 1)];
            System.arraycopy(whole, 0, part, 0, part.length);
            send(part);
        }
    }

    /** A sound question and noise behind it, in one write: the question is answered first. Returns how many were. */
    public int noiseBehindAQuestion(int times) {
        int answered = 0;
        byte[] question = frame(join(header(ApiKeys.API_VERSIONS.id, (short) 0, 1)));
        for (int i = 0; i < times; i++) {
            try (Socket socket = open()) {
                socket.setSoTimeout(CONNECT_TIMEOUT_MS);
                socket.getOutputStream().write(join(question, size(-2), bytes(50)));
                answered += socket.getInputStream().readAllBytes().length > 100 ? 1 : 0;
            } catch (IOException e) {
                // broken before the answer: not counted
                Thread.onSpinWait();
            }
        }
        return answered;
    }

    /** Comes and goes without a word. */
    public void silence(int times) {
        for (int i = 0; i < times; i++) {
            send(new byte[0]);
        }
    }

    private void send(byte[] bytes) {
        try (Socket socket = open()) {
            socket.getOutputStream().write(bytes);
            if (bytes.length > 0 && random.nextInt(8) == 0) {
                socket.setSoTimeout(ANSWER_TIMEOUT_MS);
                readAnswer(socket);
            }
            if (random.nextInt(4) == 0) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // closed while it was spoken to, as it should be
            Thread.onSpinWait();
        }
    }

    private static void readAnswer(Socket socket) throws IOException {
        try {
            socket.getInputStream().read(new byte[4_096]);
        } catch (SocketTimeoutException e) {
            // nothing to say to that
            Thread.onSpinWait();
        }
    }

    private Socket open() throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(broker, CONNECT_TIMEOUT_MS);
        } catch (IOException e) {
            socket.close();
            throw new UncheckedIOException("the broker takes no connections any more", e);
        }
        connections++;
        return socket;
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] header(short api, short version, int headerVersion) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(new byte[] {(byte) (api >> 8), (byte) api, (byte) (version >> 8), (byte) version, 0, 0, 0, 1});
        if (headerVersion > 0) {
            parts.add(new byte[] {0, (byte) CLIENT_ID.length});
            parts.add(CLIENT_ID);
        }
        if (headerVersion > 1) {
            parts.add(new byte[] {0});
        }
        return join(parts.toArray(byte[][]::new));
    }

    private static byte[] frame(byte[] content) {
        return join(size(content.length), content);
    }

    private static byte[] size(int size) {
        return new byte[] {(byte) (size >> 24), (byte) (size >> 16), (byte) (size >> 8), (byte) size};
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(all)) {
            for (byte[] part : parts) {
                out.write(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toByteArray();
    }
}
