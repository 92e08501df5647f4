// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordinator.group.CommittedOffset;
import io.barnabas.coordinator.group.GroupConfig;
import io.barnabas.coordinator.group.Heartbeat;
import io.barnabas.coordinator.group.JoinGroup;
import io.barnabas.coordinator.group.JoinGroup.Protocol;
import io.barnabas.coordinator.group.LeaveGroup;
import io.barnabas.coordinator.group.OffsetCommit;
import io.barnabas.coordinator.group.OffsetFetch;
import io.barnabas.coordinator.group.SyncGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Bytes;

/**
 * Clients that do what clients do, in any order, while time passes, appends fail or wait, and the coordinator moves.
 * jqwik prints the seed of a run that breaks an invariant.
 */
class GroupInvariantsTest {
    private static final String GROUP = "g";
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final List<ShardHarness.Fate> FATES = List.of(ShardHarness.Fate.values());
    private static final int STEPS = 400;
    private static final int CLIENTS = 4;

    @Property(tries = 150)
    void holdsWhateverHappensInWhateverOrder(@ForAll long seed) {
        new Run(seed).play();
    }

    /** One client: what it believes of itself. */
    private static final class Client {
        private final String name;
        private final boolean isStatic;
        private String memberId = "";
        private int generation = -1;
        private boolean joining;
        private boolean syncing;
        private boolean leader;
        private List<String> members = List.of();

        private Client(String name, boolean isStatic) {
            this.name = name;
            this.isStatic = isStatic;
        }

        private String instance() {
            return isStatic ? name : null;
        }

        private void forget() {
            memberId = "";
            generation = -1;
            leader = false;
        }
    }

    private static final class Run {
        private final Random random;
        private final ShardHarness harness = new ShardHarness(GroupConfig.DEFAULTS);
        private final List<Client> clients = new ArrayList<>();
        private final Map<Integer, String> leaders = new HashMap<>();
        private final Map<Integer, Set<String>> membersOf = new HashMap<>();
        private long nextOffset = 1;
        private long acknowledged;
        private final Set<Long> uncertain = new HashSet<>();
        private int life;

        private Run(long seed) {
            random = new Random(seed);
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Client("c" + i, i % 2 == 1));
            }
        }

        private void play() {
            for (int step = 0; step < STEPS; step++) {
                step();
                checkOffsets();
            }
            settle();
        }

        private void step() {
            Client client = clients.get(random.nextInt(CLIENTS));
            switch (random.nextInt(14)) {
                case 0, 1, 2, 3 -> joinOrSync(client);
                case 4, 5 -> commit(client);
                case 6 -> heartbeat(client);
                case 7 -> leave(client);
                case 8 -> harness.advance(random.nextInt(8_000));
                case 9 -> harness.fate(FATES.get(random.nextInt(FATES.size())));
                case 10 -> harness.commitWaiting();
                case 11 -> harness.overdue();
                case 12 -> restart(client);
                default -> {
                    if (random.nextInt(6) == 0) {
                        move();
                    }
                }
            }
        }

        private void move() {
            // What waits is in this log, so it comes back: whoever loads may find more than was acknowledged.
            life++;
            leaders.clear();
            membersOf.clear();
            harness.reload();
        }

        private void restart(Client client) {
            if (!client.joining && !client.syncing) {
                client.forget();
            }
        }

        private void joinOrSync(Client client) {
            if (client.joining || client.syncing) {
                return;
            }
            if (client.generation >= 0 && random.nextBoolean()) {
                sync(client);
            } else {
                join(client);
            }
        }

        private void join(Client client) {
            client.joining = true;
            int asked = life;
            JoinGroup.Request request = new JoinGroup.Request(
                    GROUP,
                    client.memberId,
                    client.instance(),
                    client.instance() == null,
                    true,
                    client.name,
                    "/127.0.0.1",
                    20_000,
                    10_000,
                    "consumer",
                    List.of(new Protocol("range", Bytes.wrap(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}))),
                    null);
            harness.perform(() ->
                    harness.shard().join(request, once(result -> joined(client, result, asked)), harness.nowMs()));
        }

        private void joined(Client client, JoinGroup.Result result, int asked) {
            client.joining = false;
            if (result.error() == Errors.MEMBER_ID_REQUIRED) {
                client.memberId = result.memberId();
            } else if (result.error() != Errors.NONE) {
                client.forget();
            } else {
                client.memberId = result.memberId();
                client.generation = result.generationId();
                client.leader = result.leaderId().equals(result.memberId());
                client.members = result.members().stream()
                        .map(JoinGroup.JoinedMember::memberId)
                        .toList();
                if (asked == life && client.leader && !result.skipAssignment()) {
                    checkLeader(result);
                }
            }
        }

        /** Only one member of a generation is asked to assign, unless a static one took its own place again. */
        private void checkLeader(JoinGroup.Result result) {
            assertThat(result.members())
                    .extracting(JoinGroup.JoinedMember::memberId)
                    .contains(result.memberId());
            String instance = owner(result.memberId());
            String former = leaders.putIfAbsent(result.generationId(), instance);
            if (former != null) {
                assertThat(instance)
                        .as("leader of generation %s", result.generationId())
                        .isEqualTo(former);
            }
            Set<String> members = new HashSet<>();
            result.members().forEach(member -> members.add(owner(member.memberId())));
            Set<String> before = membersOf.putIfAbsent(result.generationId(), members);
            if (before != null) {
                assertThat(members).isEqualTo(before);
            }
        }

        private static String owner(String memberId) {
            return memberId.substring(0, memberId.indexOf('-'));
        }

        private void sync(Client client) {
            client.syncing = true;
            int generation = client.generation;
            Map<String, Bytes> assignments = new HashMap<>();
            if (client.leader) {
                client.members.forEach(member ->
                        assignments.put(member, Bytes.wrap((owner(member) + "@" + generation).getBytes(UTF_8))));
            }
            SyncGroup.Request request = new SyncGroup.Request(
                    GROUP, generation, client.memberId, client.instance(), "consumer", "range", assignments);
            harness.perform(() ->
                    harness.shard().sync(request, once(result -> synced(client, generation, result)), harness.nowMs()));
        }

        private static void synced(Client client, int generation, SyncGroup.Result result) {
            client.syncing = false;
            if (result.error() == Errors.NONE && result.assignment().get().length > 0) {
                assertThat(new String(result.assignment().get(), UTF_8)).isEqualTo(client.name + "@" + generation);
            } else if (result.error() != Errors.NONE && result.error() != Errors.REBALANCE_IN_PROGRESS) {
                client.forget();
            }
        }

        private void heartbeat(Client client) {
            Heartbeat heartbeat = new Heartbeat(GROUP, client.generation, client.memberId, client.instance());
            harness.shard().heartbeat(heartbeat, harness.nowMs());
        }

        private void leave(Client client) {
            if (client.joining || client.syncing || client.memberId.isEmpty()) {
                return;
            }
            LeaveGroup.LeavingMember leaving = new LeaveGroup.LeavingMember(client.memberId, client.instance(), null);
            harness.perform(() -> harness.shard()
                    .leave(
                            new LeaveGroup.Request(GROUP, List.of(leaving)),
                            result -> client.forget(),
                            harness.nowMs()));
        }

        private void commit(Client client) {
            long offset = nextOffset++;
            OffsetCommit commit = new OffsetCommit(
                    GROUP,
                    client.memberId,
                    client.instance(),
                    client.generation,
                    Map.of(PARTITION, new CommittedOffset(offset, -1, "", harness.nowMs(), -1)));
            uncertain.add(offset);
            harness.perform(() -> harness.shard()
                    .commit(
                            commit,
                            once(errors -> {
                                if (errors.get(PARTITION) == Errors.NONE) {
                                    acknowledged = offset;
                                }
                            }),
                            harness.nowMs()));
        }

        /** What is shown is what was acknowledged last, or something later that nobody was told of. */
        private void checkOffsets() {
            long shown = harness.shard()
                    .fetch(new OffsetFetch.Request(GROUP, false, Optional.of(List.of(PARTITION))))
                    .offsets()
                    .get(PARTITION)
                    .offset();
            if (acknowledged > 0) {
                assertThat(shown).isGreaterThanOrEqualTo(acknowledged);
            }
            if (shown > 0) {
                assertThat(uncertain).contains(shown);
            }
        }

        /** After all troubles the group comes together again, and nobody is left without an answer. */
        private void settle() {
            harness.fate(ShardHarness.Fate.COMMITTED);
            harness.commitWaiting();
            harness.advance(10 * 60 * 1000);
            assertThat(clients).allSatisfy(client -> {
                assertThat(client.joining)
                        .as("%s waits for a join", client.name)
                        .isFalse();
                assertThat(client.syncing)
                        .as("%s waits for a sync", client.name)
                        .isFalse();
            });
            assertThat(harness.shard().describe(GROUP).state()).isIn("Empty", "Dead");
            harness.reload();
            checkOffsets();
        }

        /** An answer is given once. */
        private static <T> Consumer<T> once(Consumer<T> answer) {
            boolean[] given = {false};
            return value -> {
                assertThat(given[0]).as("answered twice").isFalse();
                given[0] = true;
                answer.accept(value);
            };
        }
    }
}
