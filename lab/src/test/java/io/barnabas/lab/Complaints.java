// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import io.barnabas.lab.process.ClusterProcesses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the brokers of a cluster logged as warnings and errors, but for what Apache Kafka's brokers say too when the same is
 * done to a cluster of them alone.
 */
final class Complaints {
    private static final Pattern START = Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d+ ");
    private static final Pattern COMPLAINT =
            Pattern.compile(START + "((WARN |ERROR|FATAL) .*|INFO  events (command-refused|fetch-parked) .*)");

    private static final String LOST =
            "(Connection to .* failed|Connection to \\d+ was disconnected before the response was read)";

    /**
     * Each was seen in a drill on Kafka alone, or is the same remark in the words of Barnabas; but for those of a controller
     * whose peer left and of a leader whose own session had ended, which were seen of Kafka's brokers in mixed clusters only.
     */
    private static final List<Excuse> EXCUSES = List.of(
            excuse("its peer was killed or paused", "WARN  NetworkClient .* could not be established\\."),
            excuse("its peer was killed or paused", "WARN  NettyPeerConnection \\S+ to \\S+ was not answered within"),
            excuse(
                    "its peer was killed or paused",
                    "WARN  ReplicaFetcherThread .* Error in response for fetch request .* java.io.IOException: "
                            + LOST),
            excuse(
                    "its peer was killed or paused",
                    "WARN  FetcherLoop .* fetch failed, next try after the backoff: "
                            + ".*(DisconnectException: |ConnectionRefusedException: "
                            + "|TimeoutException: .* did not answer within)"),
            excuse(
                    "its peer was killed or paused, or has registered and does not listen yet",
                    "WARN  RequestSendThread .* java.io.IOException: " + LOST),
            excuse(
                    "the broker it was talking to left the cluster",
                    "(WARN |ERROR) RequestSendThread .* fails to send (a )?request .*(java.lang.InterruptedException"
                            + "|Client was shutdown before response was read|Reconnecting to broker\\.$)"),
            excuse(
                    "its session had ended, and it had not registered again yet",
                    "WARN  AlterPartitionProposals .* STALE_BROKER_EPOCH; tried again"),
            excuse(
                    "its session had ended, and it had not registered again yet",
                    "WARN  DefaultAlterPartitionManager .*Broker had a stale broker epoch"),
            excuse(
                    "the controller's order reached its leader first",
                    "WARN  ReplicaFetcherThread .* Partition \\S+ marked as failed"),
            excuse(
                    "the controller's order reached its leader first",
                    "events fetch-parked .* why=\"the leader has a newer epoch"),
            excuse(
                    "the topic was created or deleted, and its leader had not heard of it yet, or had before it",
                    "WARN  ReplicaFetcherThread .* Received UNKNOWN_TOPIC_(ID|OR_PARTITION) from the leader"),
            excuse(
                    "the topic was created or deleted, and its leader had not heard of it yet, or had before it",
                    "WARN  FetcherLoop .* answered UNKNOWN_TOPIC_(ID|OR_PARTITION), next try"),
            excuse(
                    "a new leader may not know yet how far its predecessor had told followers",
                    "WARN  UnifiedLog .* Non-monotonic update of high watermark"),
            excuse(
                    "a Kafka controller tells of a lost leader before it elects the next",
                    "ERROR logger .* cannot become follower since the new leader -1 is unavailable"),
            excuse(
                    "a producer's later batch overtook one that waited for a new leader, and was sent again",
                    "ERROR ReplicaManager .* Error processing append .*OutOfOrderSequenceException"),
            excuse(
                    "a group ended on a broker that was about to lose it",
                    "WARN  GroupCoordinator .* Failed to write empty metadata .* not the correct coordinator"),
            excuse(
                    "its session was taken away, or ended while it was paused or killed",
                    "WARN  (ClientCnxn (Client session timed out|Session 0x|Unable to reconnect to ZooKeeper service)"
                            + "|ConnectionState Session expired event received)"));

    private Complaints() {}

    /** What a healthy cluster says: why, and what the line matches. */
    private record Excuse(String reason, Pattern line) {}

    private static Excuse excuse(String reason, String line) {
        return new Excuse(reason, Pattern.compile(line));
    }

    /** Each with the broker that said it, and the exception that came with it. */
    static List<String> of(ClusterProcesses cluster) {
        List<String> found = new ArrayList<>();
        for (int id = 1; id <= 3; id++) {
            String broker = "broker " + id + ": ";
            in(lines(cluster.broker(id).output())).forEach(said -> found.add(broker + said));
        }
        return found;
    }

    /** The complaints in a log, each with the exception that came with it. */
    static List<String> in(List<String> log) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < log.size(); i++) {
            if (COMPLAINT.matcher(log.get(i)).matches()) {
                boolean alone =
                        i + 1 == log.size() || START.matcher(log.get(i + 1)).lookingAt();
                String said = alone ? log.get(i) : log.get(i) + " | " + log.get(i + 1);
                if (EXCUSES.stream()
                        .noneMatch(excuse -> excuse.line().matcher(said).find())) {
                    found.add(said);
                }
            }
        }
        return found;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
