// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.store.LegacyOffsetStore;
import io.barnabas.coordination.store.error.StoreDataException;
import io.barnabas.coordination.zookeeper.client.Answer;
import io.barnabas.coordination.zookeeper.client.Nodes;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.zookeeper.KeeperException.Code;

/** Legacy offsets as decimal text in persistent nodes. The protocol knows no condition: the last commit stands. */
record ZooKeeperLegacyOffsetStore(Nodes nodes) implements LegacyOffsetStore {
    private static final int ANY_VERSION = -1;

    @Override
    public CompletableFuture<Void> commit(String groupId, TopicPartition partition, long offset) {
        String path = path(groupId, partition);
        byte[] data = Long.toString(offset).getBytes(StandardCharsets.UTF_8);
        return nodes.setData(path, data, ANY_VERSION).thenCompose(answer -> {
            if (!answer.isMissing()) {
                answer.orThrow();
                return CompletableFuture.completedFuture(null);
            }
            return nodes.createRecursively(path, data).thenCompose(created -> {
                if (created.code() == Code.NODEEXISTS) {
                    return nodes.setData(path, data, ANY_VERSION).thenAccept(Answer::orThrow);
                }
                created.orThrow();
                return CompletableFuture.completedFuture(null);
            });
        });
    }

    @Override
    public CompletableFuture<OptionalLong> fetch(String groupId, TopicPartition partition) {
        String path = path(groupId, partition);
        return nodes.read(path, (data, version) -> OptionalLong.of(decode(path, data)))
                .thenApply(found -> found.orElse(OptionalLong.empty()));
    }

    private static long decode(String path, byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new StoreDataException(path + " holds '" + text + "', which is no offset");
        }
    }

    private static String path(String groupId, TopicPartition partition) {
        return "/consumers/" + groupId + "/offsets/" + partition.topic() + "/" + partition.partition();
    }
}
